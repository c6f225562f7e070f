import type { ReservationAnswered, ReservationReleased } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';

/** What a ReserveNow asked for, and what became of it. */
export type ReservationRequest = {
  readonly outcome: ReservationAnswered['outcome'];
  readonly requestedAt: number;
  readonly answeredAt: number;
  readonly expiresAt: number;
  readonly tag?: string;
  /** Absent or 0: any EVSE. */
  readonly evseId?: number;
  readonly reason?: string;
};

/** How a reservation was over. */
export type ReservationEnd = {
  readonly how: 'Used' | 'Cancelled' | 'Expired';
  readonly at: number;
  /** The transaction that used it, and its EVSE. */
  readonly transactionId?: string;
  readonly evseId?: number;
};

/**
 * All that was told of one reservation: the request that counts and the last end. Both are maxima of an order, so that what
 * is told in another order, or again, makes the same record: a session may well be told before the answer to our request,
 * which takes another way.
 */
export type ReservationRecord = {
  readonly reservationId: number;
  readonly request?: ReservationRequest;
  readonly end?: ReservationEnd;
};

/**
 * How a reservation stands. Requested: nobody knows whether the station took it. Active: the station holds it. Used: a
 * session began with it. Expired, Cancelled: it is over unused. Rejected: the station never took it.
 */
export type ReservationState = 'Requested' | 'Active' | 'Used' | 'Expired' | 'Cancelled' | 'Rejected';

/** How a reservation stands at an instant. */
export const reservationStateAt = ({ request, end }: ReservationRecord, now: number): ReservationState => {
  if (end !== undefined && (request === undefined || end.at >= request.requestedAt)) return end.how;
  if (request === undefined) return 'Requested';
  if (request.outcome === 'refused') return 'Rejected';
  if (request.expiresAt <= now) return 'Expired';
  return request.outcome === 'accepted' ? 'Active' : 'Requested';
};

/** OCPP's integers have 32 bits: whatever a station or a raw command says beyond is no reservation's number. */
export const isReservationId = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 31;

/** Reservations kept of one station. Those that are over go first. */
export const MOST_RESERVATIONS = 24;

const isBefore = (one: readonly (number | string)[], other: readonly (number | string)[]): boolean => {
  const index = one.findIndex((value, at) => value !== other[at]);
  const [a, b] = [one[index], other[index]];
  return a !== undefined && b !== undefined && a < b;
};

/** A refusal leaves an earlier reservation of the same number as it was; else the newest request counts. */
const rankOfRequest = (request: ReservationRequest) => [
  request.outcome === 'refused' ? 0 : 1,
  request.requestedAt,
  request.outcome,
  request.answeredAt,
];

const endings: readonly ReservationEnd['how'][] = ['Expired', 'Cancelled', 'Used'];
const rankOfEnd = ({ how, at, transactionId = '' }: ReservationEnd) => [at, endings.indexOf(how), transactionId];

const greater = <T>(one: T | undefined, other: T | undefined, rank: (item: T) => readonly (number | string)[]) =>
  one === undefined || (other !== undefined && isBefore(rank(one), rank(other))) ? other : one;

/** Two records of one reservation as one. */
const mergedReservation = (one: ReservationRecord, other: ReservationRecord): ReservationRecord => ({
  reservationId: one.reservationId,
  ...omitUndefined({
    request: greater(one.request, other.request, rankOfRequest),
    end: greater(one.end, other.end, rankOfEnd),
  }),
});

const isOver = (record: ReservationRecord, now: number): boolean => {
  const state = reservationStateAt(record, now);
  return state !== 'Active' && state !== 'Requested';
};

const newestAt = ({ request, end }: ReservationRecord): number => Math.max(request?.requestedAt ?? 0, end?.at ?? 0);

/** The reservations of a station with one more thing told of one of them, ordered by number; the same list if it is known. */
export const reservationsWith = (
  known: readonly ReservationRecord[],
  told: ReservationRecord,
  now: number,
): readonly ReservationRecord[] => {
  if (!isReservationId(told.reservationId)) return known;
  const before = known.find(({ reservationId }) => reservationId === told.reservationId);
  // Some stations name the reservation in every message of its transaction.
  const isToldAgain =
    told.end?.how === 'Used' && before?.end?.how === 'Used' && before?.end?.transactionId === told.end.transactionId;
  const merged = before === undefined ? told : isToldAgain ? before : mergedReservation(before, told);
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(merged)) return known;
  const all = [...known.filter((one) => one !== before), merged];
  const kept = all
    .toSorted(
      (a, b) =>
        Number(isOver(a, now)) - Number(isOver(b, now)) ||
        newestAt(b) - newestAt(a) ||
        a.reservationId - b.reservationId,
    )
    .slice(0, MOST_RESERVATIONS);
  return kept.toSorted((a, b) => a.reservationId - b.reservationId);
};

/** What the end of a ReserveNow tells. */
export const reservationAnswered = (fact: ReservationAnswered): ReservationRecord => {
  const { reservationId, outcome, requestedAt, expiresAt, tag, evseId, reason } = fact;
  return {
    reservationId,
    request: {
      ...{ outcome, requestedAt, answeredAt: fact.at, expiresAt },
      ...omitUndefined({ tag, evseId, reason }),
    },
  };
};

/** What a cancellation or the station's own word tells. */
export const reservationReleased = ({ reservationId, how, at }: ReservationReleased): ReservationRecord => ({
  reservationId,
  end: { how, at },
});

/** A session was told to have begun with a reservation. Its time of receipt counts: the clock of a station may lag behind ours. */
export const reservationUsed = (fact: {
  readonly reservationId: number;
  readonly receivedAt: number;
  readonly transactionId?: string;
  readonly evseId?: number;
}): ReservationRecord => ({
  reservationId: fact.reservationId,
  end: {
    how: 'Used',
    at: fact.receivedAt,
    ...omitUndefined({ transactionId: fact.transactionId, evseId: fact.evseId }),
  },
});
