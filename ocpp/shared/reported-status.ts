import type { ReportedStatus } from '../../domain/kernel/fact.ts';

const statuses: Readonly<Record<string, ReportedStatus>> = {
  available: 'available',
  occupied: 'occupied',
  preparing: 'preparing',
  charging: 'charging',
  suspendedev: 'suspendedEV',
  suspendedevse: 'suspendedEVSE',
  finishing: 'finishing',
  reserved: 'reserved',
  unavailable: 'unavailable',
  faulted: 'faulted',
};

/** Our word for a connector status: 1.6 knows nine, 2.x five; a vendor's own word is 'unknown' (it is kept beside it). */
export const reportedStatus = (word: string): ReportedStatus => {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(statuses, key) ? (statuses[key] ?? 'unknown') : 'unknown';
};
