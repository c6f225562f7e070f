import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyAt } from '../../../domain/session/meter-curve.ts';
import { STANDBY_WH } from '../../../domain/session/register.ts';
import { at, conversation, v16 } from '../../support/conversation.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

const connectors = [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }];
const TAG = 'TAG';
/** The curve is exact to 1 Wh at each end of a minute; readings that show less than this of one another may be taken for idle. */
const MOST_OFF_WH = 2.1 + STANDBY_WH;
const START_WH = 70_000;

/** A session of a charger that was offline: its readings in seconds from noon, and what it calls its transaction. */
const offlineSession = fc.record({
  steps: fc.array(
    fc.record({
      sec: fc.constantFrom(1, 7, 30, 60, 300, 900),
      // Pauses between, full power, and a trickle below what counts as charging.
      powerW: fc.constantFrom(0, 0, 60, 1_400, 11_000, 50_000),
    }),
    { minLength: 2, maxLength: 12 },
  ),
  ownId: fc.constantFrom(undefined, -1, 0, 987_654),
  stopHasTag: fc.boolean(),
  statusFirst: fc.boolean(),
});

type Message = { readonly action: string; readonly payload: object };
type Point = { readonly sec: number; readonly wh: number };

const pointsOf = ({ steps }: { steps: readonly { sec: number; powerW: number }[] }): readonly Point[] => {
  let [sec, wh] = [0, START_WH];
  return [
    { sec, wh },
    ...steps.map((step) => {
      sec += step.sec;
      wh += Math.round((step.powerW * step.sec) / 3600);
      return { sec, wh };
    }),
  ];
};

const scenario = offlineSession.chain((given) => {
  const points = pointsOf(given);
  const last = points.at(-1) ?? { sec: 0, wh: START_WH };
  const { ownId, stopHasTag } = given;
  const messages: readonly Message[] = [
    { action: 'StartTransaction', payload: v16.start(0, START_WH, TAG) },
    ...points.slice(1, -1).map(({ sec, wh }) => ({ action: 'MeterValues', payload: v16.values(sec / 60, wh, ownId) })),
    {
      action: 'StopTransaction',
      payload: v16.stop(last.sec / 60, last.wh, ownId ?? -1, stopHasTag ? { idTag: TAG } : {}),
    },
  ];
  return fc.record({
    given: fc.constant(given),
    points: fc.constant(points),
    order: fc.shuffledSubarray([...messages], { minLength: messages.length }),
    repeats: fc.array(fc.constantFrom(...messages), { maxLength: 4 }),
  });
});

describe('a charger of OCPP 1.6 that was offline, under transaction ids of its own', () => {
  it('has the session, its times and the energy of each minute right in any order of its messages', () => {
    fc.assert(
      fc.property(scenario, ({ given, points, order, repeats }) => {
        const station = conversation('1.6', { connectors });
        if (given.statusFirst) station.say(599, 'StatusNotification', v16.status(599, 'Available'));
        for (const { action, payload } of [...order, ...repeats]) station.say(600, action, payload);
        const [first, last] = [points[0], points.at(-1)];
        if (!first || !last) return;
        expect(
          station.sessions.map(({ startedAt, endedAt, energyWh, tag }) => ({ startedAt, endedAt, energyWh, tag })),
        ).toEqual([{ startedAt: at(0), endedAt: at(last.sec / 60), energyWh: last.wh - START_WH, tag: TAG }]);
        const line = points.map(({ sec, wh }) => [sec, wh - START_WH] as const);
        const told = Map.groupBy(toldMinutes(station.changes), ({ startAt }) => startAt);
        for (let minute = 0; minute * 60 < last.sec; minute += 1) {
          const wanted = energyAt(line, (minute + 1) * 60) - energyAt(line, minute * 60);
          const toldWh = (told.get(at(minute)) ?? []).reduce((sum, { energyWh }) => sum + energyWh, 0);
          expect(Math.abs(toldWh - wanted)).toBeLessThan(MOST_OFF_WH);
        }
      }),
      { numRuns: 300 },
    );
  });
});
