import { integerAt, type Payload } from '../payload.ts';

/** The reservation that the start of a transaction names. Some chargers fill in 0 or -1 where it has none. */
export const reservationIdOf = (payload: Payload): number | undefined => {
  const reservationId = integerAt(payload, 'reservationId');
  return reservationId !== undefined && reservationId > 0 ? reservationId : undefined;
};
