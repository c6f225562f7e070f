import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, ReservationAnswered, ReservationReleased } from '../../../domain/kernel/fact.ts';
import { MOST_RESERVATIONS, reservationStateAt } from '../../../domain/station/reservation-record.ts';
import { started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, said } from '../../support/station-days.ts';

const at = (minute: number) => said(noon + minutes(minute));

/** Asked for at `minute` minutes after noon and answered a second later, for half an hour. */
const answered = (
  minute: number,
  reservationId: number,
  outcome: ReservationAnswered['outcome'] = 'accepted',
): ReservationAnswered => ({
  ...said(noon + minutes(minute) + 1_000),
  type: 'ReservationAnswered',
  reservationId,
  outcome,
  requestedAt: noon + minutes(minute),
  expiresAt: noon + minutes(minute + 30),
  tag: 'TAG',
  evseId: 1,
  ...(outcome === 'refused' && { reason: 'Occupied' }),
});

const released = (minute: number, reservationId: number, how: ReservationReleased['how']): ReservationReleased => ({
  ...at(minute),
  type: 'ReservationReleased',
  reservationId,
  how,
});

const used = (minute: number, reservationId: number) => started(minute, { reservationId, transactionId: `T${minute}` });

type Messages = readonly Fact[];

const statesAt = (minute: number, ...facts: Messages) =>
  Object.fromEntries(
    (given(...facts).aggregate.station.state?.reservations ?? []).map((record) => [
      record.reservationId,
      reservationStateAt(record, noon + minutes(minute)),
    ]),
  );

describe('a reservation', () => {
  it.each<[string, string, Messages]>([
    ['was accepted', 'Active', [answered(0, 1)]],
    ['got no answer', 'Requested', [answered(0, 1, 'unknown')]],
    ['was refused', 'Rejected', [answered(0, 1, 'refused')]],
    ['was cancelled', 'Cancelled', [answered(0, 1), released(5, 1, 'Cancelled')]],
    ['was ended by the station', 'Expired', [answered(0, 1), released(5, 1, 'Expired')]],
    ['began a session', 'Used', [answered(0, 1), used(5, 1)]],
    ['began a session that is told before the answer', 'Used', [used(5, 1), answered(0, 1)]],
    ['began a session, after which its time passes', 'Used', [answered(0, 1), used(5, 1), stopped(8)]],
    ['is asked for again under its number', 'Active', [answered(0, 1), released(5, 1, 'Cancelled'), answered(6, 1)]],
    [
      'was used, asked for again and cancelled',
      'Cancelled',
      [answered(0, 1), used(2, 1), answered(4, 1), released(6, 1, 'Cancelled')],
    ],
    ['is refused a second time', 'Active', [answered(0, 1), answered(6, 1, 'refused')]],
    ['no request is known of', 'Used', [used(5, 1)]],
  ])('that %s is %s', (_, state, facts) => {
    expect(statesAt(10, ...facts)).toEqual({ 1: state });
  });

  it.each(['accepted', 'unknown'] as const)('that is over by its time is Expired (%s)', (outcome) => {
    expect(statesAt(29, answered(0, 1, outcome))).toEqual({ 1: outcome === 'accepted' ? 'Active' : 'Requested' });
    expect(statesAt(30, answered(0, 1, outcome))).toEqual({ 1: 'Expired' });
  });

  it('has a line for every state it comes to, with what is known of it', () => {
    const { changes } = given(answered(0, 1), answered(0, 1), used(5, 1), used(5, 1));
    const lines = changes.filter((change) => change.type === 'ReservationChanged');
    expect(lines.map(({ to, tag, evseId, transactionId }) => [to, tag, evseId, transactionId])).toEqual([
      ['Active', 'TAG', 1, undefined],
      ['Used', 'TAG', 1, 'T5'],
    ]);
  });

  it('is written once for a session that names it in every message', () => {
    const first = given(answered(0, 1), used(5, 1));
    const again = {
      ...at(9),
      type: 'SessionUpdated',
      transactionId: 'T5',
      reservationId: 1,
      evseId: 1,
      connectorId: 1,
    } as const;
    const both = given(answered(0, 1), used(5, 1), again);
    expect(both.aggregate.station.state?.reservations).toEqual(first.aggregate.station.state?.reservations);
  });
});

describe('the reservations of a station', () => {
  const fact = fc
    .record({ minute: fc.integer({ min: 0, max: 20 }), id: fc.integer({ min: 1, max: 4 }), kind: fc.nat(5) })
    .map(({ minute, id, kind }) => {
      if (kind < 3) return answered(minute, id, (['accepted', 'refused', 'unknown'] as const)[kind]);
      return kind < 5 ? released(minute, id, kind === 3 ? 'Cancelled' : 'Expired') : used(minute, id);
    });

  it('stand the same in whatever order they are told, and however often', () => {
    fc.assert(
      fc.property(
        fc
          .array(fact, { minLength: 1, maxLength: 12 })
          .chain((facts) =>
            fc.tuple(
              fc.constant(facts),
              fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length, maxLength: 2 * facts.length }),
            ),
          ),
        ([facts, shuffled]) => {
          expect(statesAt(21, ...shuffled)).toEqual(statesAt(21, ...facts));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('have numbers as OCPP has them', () => {
    expect(statesAt(10, answered(0, 2 ** 31), used(1, -(2 ** 40)), answered(2, 2 ** 31 - 1))).toEqual({
      [2 ** 31 - 1]: 'Active',
    });
  });

  it('are bounded, and those that are over go first', () => {
    const over = Array.from({ length: 60 }, (_, index) => released(index / 10, 100 + index, 'Cancelled'));
    const held = Array.from({ length: 5 }, (_, index) => answered(0, index + 1));
    const states = statesAt(10, ...held, ...over);
    expect(Object.keys(states)).toHaveLength(MOST_RESERVATIONS);
    expect(held.map(({ reservationId }) => states[reservationId])).toEqual(Array(5).fill('Active'));
  });
});
