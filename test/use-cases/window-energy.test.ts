import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { sessionsInMemory } from '../fakes/session-store.ts';
import { noon, on, registration, said } from '../support/station-days.ts';
import { windowStoreInMemory } from '../support/window-store-in-memory.ts';

const SECOND = 1000;

/** Sessions one after the other on one connector, as lists of facts in the order they happened. */
const day = fc
  .array(
    fc.record({
      pauseSec: fc.integer({ min: 1, max: 4000 }),
      steps: fc.array(
        fc.tuple(
          fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2400 })),
          fc.integer({ min: 0, max: 5 }),
        ),
        { maxLength: 12 },
      ),
      lastSec: fc.integer({ min: 0, max: 1800 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((sessions) => {
    let at = noon;
    return sessions.map(({ pauseSec, steps, lastSec }, index): Fact[] => {
      at += pauseSec * SECOND;
      const transactionId = `T${index}`;
      const meterStartWh = 100_000 + index * 50_000;
      let register = meterStartWh;
      const facts: Fact[] = [
        { ...said(at), type: 'SessionStarted', transactionId, tag: 'TAG', meterStartWh, ...on(1) },
      ];
      for (const [sec, whPerSec] of steps) {
        at += sec * SECOND;
        register += sec * whPerSec;
        facts.push({
          ...said(at),
          type: 'MeterSampled',
          transactionId,
          reading: { context: 'periodic', energyWh: register },
          ...on(1),
        });
      }
      at += lastSec * SECOND;
      facts.push({
        ...said(at),
        type: 'SessionStopped',
        transactionId,
        meterStopWh: register + lastSec,
        reason: 'local',
      });
      return facts;
    });
  });

type Lateness = 'in time' | 'after its successor' | 'after the stop' | 'twice';

/** The facts of a session as they arrive: readings late or twice, never lost. */
const arriving = (facts: readonly Fact[], lateness: readonly Lateness[]): Fact[] => {
  const [start, ...rest] = facts;
  const stop = rest.pop();
  if (start === undefined || stop === undefined) return [...facts];
  const inTime: Fact[] = [];
  const afterStop: Fact[] = [];
  let held: Fact | undefined;
  for (const [index, reading] of rest.entries()) {
    const how = lateness[index % lateness.length];
    if (how === 'after the stop') afterStop.push(reading);
    else if (how === 'after its successor' && held === undefined) {
      held = reading;
      continue;
    } else inTime.push(reading);
    if (how === 'twice') afterStop.push(reading);
    if (held) inTime.push(held);
    held = undefined;
  }
  return [start, ...inTime, ...(held ? [held] : []), stop, ...afterStop];
};

const delivered = async (facts: readonly Fact[], repeat: boolean) => {
  const windows = windowStoreInMemory();
  const { store, records: sessions } = sessionsInMemory();
  const record = recordHistory({
    windows: windows.store,
    sessions: store,
    timeline: { put: async () => undefined, nextMarkAt: async () => undefined },
    dirty: { mark: async () => undefined },
    tariffs: async () => ({ tariffs: [], assignments: [] }),
    warn: (kind) => {
      throw new Error(kind);
    },
    now: () => noon,
  });
  let aggregate: StationAggregate = { stationId: 'S1', station: { registration: registration('S1') }, connectors: [] };
  for (const [index, fact] of facts.entries()) {
    const folded = fold(aggregate, {
      guard: guardOf('00', String(index + 1)),
      facts: [fact],
      heardAt: fact.receivedAt,
    });
    aggregate = folded.aggregate;
    const written = folded.connectors.map(({ key, changes }) => {
      const item = aggregate.connectors.find(
        ({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId,
      );
      if (item === undefined) throw new Error('A changed connector is not in the aggregate');
      return { connector: { ...item, outbox: changes } };
    });
    await record(written);
    if (repeat) await record(written);
  }
  return { rows: [...windows.rows.values()], sessions: [...sessions.values()] };
};

const sumOf = (items: readonly { readonly energyWh: number }[]): number =>
  items.reduce((sum, { energyWh }) => sum + energyWh, 0);

describe('energy', () => {
  it('is the same by session, by hour on either clock and by connector-minute, whatever comes late or twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        day,
        fc.array(
          fc.constantFrom<Lateness>('in time', 'in time', 'in time', 'after its successor', 'after the stop', 'twice'),
          { minLength: 1, maxLength: 12 },
        ),
        fc.boolean(),
        async (sessions, lateness, repeat) => {
          const facts = sessions.flatMap((ofSession) => arriving(ofSession, lateness));
          const result = await delivered(facts, repeat);
          expect(result.sessions.map(({ transactionId }) => transactionId)).toEqual(
            sessions.map((_, index) => `T${index}`),
          );
          for (const session of result.sessions) {
            const rows = result.rows.filter(({ labels }) => labels.sessionId === session.sessionId);
            const byMinute = rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
            expect(byMinute).toBeCloseTo(session.energyWh, 2);
            expect(sumOf(session.hours)).toBeCloseTo(session.energyWh, 6);
            expect(sumOf(session.hoursUtc)).toBeCloseTo(session.energyWh, 6);
            for (const { startAt, energyWh } of session.hoursUtc) {
              const inHour = rows.filter((row) => row.startAt >= startAt && row.startAt < startAt + HOUR_MS);
              expect(inHour.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0)).toBeCloseTo(energyWh, 1);
            }
            expect(rows.every(({ measures }) => (measures.energyWh ?? 0) >= 0)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
