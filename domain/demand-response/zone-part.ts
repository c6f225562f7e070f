import { sum } from '../kernel/sum.ts';
import type { GridSignal } from './grid-signal.ts';

/**
 * What a signal asks of one of its zones. A share of a baseline that the sender names is asked of the site once: each zone has
 * its part of it, as the site's chargers draw there (`loadsW`, by zone); equal parts where nothing is drawn.
 */
export const zonePart = (signal: GridSignal, loadsW: ReadonlyMap<string, number>, zoneId: string): GridSignal => {
  if (signal.kind !== 'site-curtailment' || signal.baselineW === undefined || loadsW.size < 2) return signal;
  const totalW = sum([...loadsW.values()]);
  const share = totalW > 0 ? (loadsW.get(zoneId) ?? 0) / totalW : 1 / loadsW.size;
  return { ...signal, baselineW: signal.baselineW * share };
};
