import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, LONGEST_SESSION_MS } from '../../domain/kernel/durations.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { historyInMemory } from '../support/history-in-memory.ts';
import { noon, on, registration, said } from '../support/station-days.ts';

const days = 38;
const readingAt = (day: number): Fact => ({
  ...said(noon + day * DAY_MS),
  type: 'MeterSampled',
  transactionId: 'T1',
  reading: { context: 'periodic', energyWh: 1000 + day * 100 },
  ...on(1),
});
const started: Fact = {
  ...said(noon),
  type: 'SessionStarted',
  transactionId: 'T1',
  tag: 'TAG',
  meterStartWh: 1000,
  ...on(1),
};
const stopped: Fact = {
  ...said(noon + days * DAY_MS),
  type: 'SessionStopped',
  transactionId: 'T1',
  meterStopWh: 1000 + days * 100,
  reason: 'local',
};

const sum = (values: readonly (number | undefined)[]): number =>
  Math.round(values.reduce<number>((total, value) => total + (value ?? 0), 0));

const recorded = async (facts: readonly Fact[], isLive: boolean) => {
  const history = historyInMemory(registration('S1'));
  for (const fact of facts) {
    const receivedAt = isLive ? fact.receivedAt : noon + days * DAY_MS + HOUR_MS;
    await history.deliver({ stationId: 'S1', at: receivedAt, facts: [{ ...fact, receivedAt }] });
  }
  const [session] = history.sessions.values();
  const minutes = [...history.rows.values()].filter(({ series }) => series === 'connector_1m');
  const hours = session?.hours ?? [];
  return {
    history,
    hours,
    figures: {
      session: session?.energyWh,
      hours: sum(hours.map(({ energyWh }) => energyWh)),
      minutes: sum(minutes.map(({ measures }) => measures.energyWh)),
    },
  };
};

const readings = Array.from({ length: 6 }, (_, index) => readingAt((index + 1) * 5.5));
const [late, ...others] = readings;
const whole = { session: days * 100, hours: days * 100, minutes: days * 100 };

describe('a session of more than 35 days', () => {
  it.each([
    ['as it goes', [started, ...readings, stopped], true],
    ['all at once', [started, ...readings, stopped], false],
    [
      'with a reading late, so that its minutes are told again',
      [started, ...others, ...(late ? [late] : []), stopped],
      false,
    ],
  ])('has the same energy in its record, its minutes and its hours, told %s', async (_, facts, isLive) => {
    expect((await recorded(facts, isLive)).figures).toEqual(whole);
  });

  it('is found, and computed again, for every hour it is told in', async () => {
    const { history, hours } = await recorded([started, ...readings, stopped], false);
    const marked = new Set((await history.marksOf('revenue')).map(({ startAt }) => startAt));
    expect(hours.filter(({ startAt }) => !marked.has(Math.floor(startAt / DAY_MS) * DAY_MS))).toEqual([]);
    const found = await Promise.all(
      hours.map(({ startAt }) => history.sessionsIn(startAt - LONGEST_SESSION_MS, startAt + HOUR_MS)),
    );
    expect(found.filter((sessions) => sessions.length !== 1)).toEqual([]);
  });
});
