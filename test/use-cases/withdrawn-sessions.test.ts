import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import type { Written } from '../../use-cases/record-history/record-history.ts';
import { historyInMemory } from '../support/history-in-memory.ts';
import { noon, on, registration, said } from '../support/station-days.ts';

const at = (minute: number): number => noon + minute * MINUTE_MS;
const later = at(300);
const ofSession = { transactionId: 'T1', ...on(1) };
const facts = {
  started: { ...said(at(0), later), type: 'SessionStarted', seqNo: 0, meterStartWh: 1000, ...ofSession },
  sampled: {
    ...said(at(5), later),
    type: 'MeterSampled',
    seqNo: 1,
    reading: { context: 'periodic', energyWh: 1004 },
    ...ofSession,
  },
  refused: {
    ...said(at(2), later),
    type: 'SessionUpdated',
    seqNo: 1,
    tag: 'TAG',
    tagVerdict: 'Blocked',
    ...ofSession,
  },
  ended: { ...said(at(8), later), type: 'SessionStopped', seqNo: 2, meterStopWh: 1004, reason: 'local', ...ofSession },
  charged: {
    ...said(at(8), later),
    type: 'SessionStopped',
    seqNo: 2,
    meterStopWh: 3000,
    reason: 'local',
    ...ofSession,
  },
} as const satisfies Record<string, Fact>;

const told = async (...names: (keyof typeof facts)[]) => {
  const history = historyInMemory(registration('S1'));
  const written: Written[] = [];
  for (const name of names) {
    written.push(...(await history.deliver({ stationId: 'S1', at: later, facts: [facts[name]] })));
    await history.sweep(later);
  }
  const figures = async () => {
    await history.sweep(later + HOUR_MS);
    const rows = [...history.rows.values()].filter(({ series }) => series === 'connector_1m');
    const span = { from: new Date(noon - HOUR_MS).toISOString(), to: new Date(later).toISOString() };
    const revenue = await history.ask('revenue', { filter: { stationId: 'S1' }, ...span });
    return {
      sessions: [...history.sessions.values()].map(({ energyWh, flags }) => [energyWh, flags.includes('tagRefused')]),
      minutesWh: Math.round(rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0)),
      revenue,
    };
  };
  return { history, written, figures };
};

const nothing = { sessions: [], minutesWh: 0, revenue: { energyWh: 0, sessionsCompleted: 0 } };

describe('history, once a session turns out to be none', () => {
  it('holds neither its record nor its energy, nor counts it', async () => {
    const { figures } = await told('started', 'sampled', 'ended', 'refused');
    expect(await figures()).toMatchObject(nothing);
  });

  it('says the same after everything was recorded again', async () => {
    const { history, written, figures } = await told('started', 'sampled', 'ended', 'refused');
    for (const one of written) await history.record([one]);
    await history.record(written);
    expect(await figures()).toMatchObject(nothing);
  });

  it('holds it again once a register shows that energy flowed all the same', async () => {
    const { figures } = await told('ended', 'refused', 'charged');
    expect(await figures()).toMatchObject(nothing);
    const charged = await told('refused', 'charged', 'started');
    expect(await charged.figures()).toMatchObject({
      sessions: [[2000, true]],
      minutesWh: 2000,
      revenue: { energyWh: 2000, sessionsCompleted: 1 },
    });
  });

  it('flags the record of one that delivered energy', async () => {
    const { figures } = await told('started', 'sampled', 'charged', 'refused');
    expect(await figures()).toMatchObject({ sessions: [[2000, true]], minutesWh: 2000 });
  });
});
