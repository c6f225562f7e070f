import { integerAt, type Payload } from '../payload.ts';

/** The transactionId as text; undefined for 0 and negative ones, which chargers use when they never learned theirs. */
export const knownTransaction = (payload: Payload): string | undefined => {
  const id = integerAt(payload, 'transactionId');
  return id === undefined || id <= 0 ? undefined : String(id);
};
