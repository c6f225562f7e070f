import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { type Delivery, historyInMemory } from '../support/history-in-memory.ts';
import { noon, on, registration, said } from '../support/station-days.ts';

/** A session of ten minutes, metered every ten seconds with a power that varies; one message each. */
const messages = (number: number): readonly Fact[] => {
  const from = noon + number * 20 * MINUTE_MS;
  const transactionId = `T${number}`;
  const meterStartWh = 1000 + number * 10_000;
  const wh = (index: number): number => meterStartWh + index * 20 + (index % 7) * 2;
  return [
    { ...said(from), type: 'SessionStarted', transactionId, tag: 'TAG', meterStartWh, ...on(1) },
    ...Array.from({ length: 59 }, (_, index): Fact => {
      const at = from + (index + 1) * 10 * SECOND_MS;
      const reading = { context: 'periodic', energyWh: wh(index + 1) } as const;
      return { ...said(at), type: 'MeterSampled', transactionId, reading, ...on(1) };
    }),
    { ...said(from + 10 * MINUTE_MS), type: 'SessionStopped', transactionId, meterStopWh: wh(63), reason: 'local' },
  ];
};

const delivery = (fact: Fact): Delivery => ({ stationId: 'S1', at: fact.receivedAt, facts: [fact] });

describe('a session that is told again after the connector has forgotten it', () => {
  it.each([
    ['all of it', (facts: readonly Fact[]) => facts],
    ['every seventh reading', (facts: readonly Fact[]) => facts.filter((_, index) => index % 7 === 0 || index === 60)],
    ['its start and its readings', (facts: readonly Fact[]) => facts.slice(0, -1)],
    ['its last readings and its stop', (facts: readonly Fact[]) => facts.slice(30)],
    ['some readings alone', (facts: readonly Fact[]) => facts.slice(20, 40)],
  ])('keeps its record and its minutes: %s', async (_, repeated) => {
    const history = historyInMemory(registration('S1'));
    for (const number of [0, 1, 2, 3, 4, 5, 6])
      for (const fact of messages(number)) await history.deliver(delivery(fact));
    const figures = () =>
      [...history.rows.values()]
        .filter(({ series }) => series === 'connector_1m')
        .map(({ startAt, measures, labels }) => [startAt, labels.sessionId, measures.energyWh])
        .filter(([, , energyWh]) => energyWh !== 0)
        .sort(([one], [other]) => Number(one) - Number(other));
    const before = figures();
    const sessions = () => [...history.sessions.values()].map(({ rev: _rev, ...session }) => session);
    const recorded = sessions();
    const receivedAt = noon + 200 * MINUTE_MS;
    for (const fact of repeated(messages(0))) await history.deliver(delivery({ ...fact, receivedAt }));
    for (const fact of messages(11)) await history.deliver(delivery(fact));
    for (const fact of messages(12)) await history.deliver(delivery(fact));
    const until = noon + 11 * 20 * MINUTE_MS;
    expect(figures().filter(([startAt]) => Number(startAt) < until)).toEqual(before);
    expect(sessions().filter(({ startedAt }) => startedAt < until)).toEqual(recorded);
  });
});
