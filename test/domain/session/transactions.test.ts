import { describe, expect, it } from 'vitest';
import type { SessionAbandoned, SessionStopped, SessionUpdated } from '../../../domain/kernel/fact.ts';
import { sample, started, status, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';
import { toldWh } from '../../support/told-minutes.ts';

const at = (minute: number): number => noon + minutes(minute);
const updated = (minute: number, more: Partial<SessionUpdated> = {}): SessionUpdated => ({
  ...said(at(minute)),
  type: 'SessionUpdated',
  transactionId: 'T1',
  ...more,
});
const abandoned = (minute: number): SessionAbandoned => ({
  ...said(at(minute)),
  type: 'SessionAbandoned',
  transactionId: 'T1',
  ...on(1),
});
const noId = (minute: number, more: Partial<SessionStopped> = {}): SessionStopped => {
  const { transactionId: _, ...stop } = stopped(minute, more);
  return stop;
};
const brief = (ended: ReturnType<typeof given>['ended']) =>
  ended.map(({ transactionId, startedAt, endedAt, energyWh, flags }) => ({
    id: transactionId,
    from: (startedAt - noon) / 60_000,
    to: (endedAt - noon) / 60_000,
    energyWh,
    flags,
  }));

describe('a session', () => {
  it('ends once, with the energy between its meters', () => {
    const { ended, connector } = given(started(0), sample(1, { energyWh: 1100 }), stopped(2, { meterStopWh: 1150 }));
    expect(brief(ended)).toEqual([{ id: 'T1', from: 0, to: 2, energyWh: 150, flags: [] }]);
    expect(connector(1)?.session).toBe(undefined);
  });

  it('ends when its stop was received where the clock was set back before its start', () => {
    const stop = (receivedAt: number) => stopped(-180, { meterStopWh: 5_000, receivedAt });
    const story = [started(0), sample(5, { energyWh: 1_500 })] as const;
    const { ended } = given(...story, stop(at(20)));
    expect(brief(ended)).toEqual([{ id: 'T1', from: 0, to: 20, energyWh: 4_000, flags: ['clockCorrected'] }]);
    // Out of an offline queue it may come weeks later.
    const late = given(...story, stop(at(20 * 24 * 60)));
    expect(brief(late.ended)).toEqual([
      { id: 'T1', from: 0, to: 5 + 24 * 60, energyWh: 4_000, flags: ['clockCorrected'] },
    ]);
  });

  it('has the last watt-hours that a late reading shows, where its stop told no register', () => {
    const story = [started(0), sample(90, { energyWh: 34_000 }), stopped(95)];
    const { ended, changes } = given(...story, sample(94, { energyWh: 34_002 }, { receivedAt: at(99) }));
    expect(ended.map(({ energyWh }) => energyWh)).toEqual([33_000, 33_002]);
    expect(toldWh(changes)).toBeCloseTo(33_002, 3);
  });

  it('begins once when its start is sent again', () => {
    const { types } = given(started(0), started(0), sample(1, { energyWh: 1100 }), started(0, { receivedAt: at(9) }));
    expect(types).toEqual(['SessionBegan', 'MinuteClosed', 'SessionMeasured']);
  });

  it('is not opened again by what comes after its end', () => {
    const { connector, types } = given(started(0), stopped(2), updated(3, { ...on(1), seqNo: 9 }), started(0));
    expect(connector(1)?.session).toBe(undefined);
    expect(types.filter((type) => type === 'SessionBegan')).toHaveLength(1);
  });

  it('ends by inference when another one starts on its connector', () => {
    const { ended, connector } = given(
      started(0),
      sample(5, { energyWh: 1500 }),
      started(60, { transactionId: 'T2', meterStartWh: 1500 }),
    );
    expect(brief(ended)).toEqual([{ id: 'T1', from: 0, to: 5, energyWh: 500, flags: ['inferredStop'] }]);
    expect(connector(1)?.session?.transactionId).toBe('T2');
  });

  it('is amended when its real stop comes after an inferred one', () => {
    const { ended, types, changes } = given(
      started(0),
      sample(5, { energyWh: 1500 }),
      abandoned(90),
      stopped(10, { meterStopWh: 1900, receivedAt: at(95) }),
    );
    expect(brief(ended)).toEqual([
      { id: 'T1', from: 0, to: 5, energyWh: 500, flags: ['inferredStop'] },
      { id: 'T1', from: 0, to: 10, energyWh: 900, flags: ['lateArrival'] },
    ]);
    expect(types.filter((type) => type === 'SessionAmended')).toHaveLength(1);
    expect(changes).toContainEqual(
      expect.objectContaining({ type: 'SessionAmended', before: { startedAt: at(0), endedAt: at(5) } }),
    );
    expect(ended[1]?.rev).toBeGreaterThan(ended[0]?.rev ?? Number.POSITIVE_INFINITY);
  });

  it('never lasts less than no time', () => {
    expect(brief(given(started(5), stopped(3)).ended)).toEqual([{ id: 'T1', from: 5, to: 5, energyWh: 0, flags: [] }]);
  });

  it('from an offline queue is completed beside the live one', () => {
    const late = { receivedAt: at(130) };
    const live = [
      started(120, { transactionId: 'LIVE', meterStartWh: 5000 }),
      sample(125, { energyWh: 5400 }, { transactionId: 'LIVE' }),
    ];
    const { ended, connector } = given(
      ...live,
      started(0, late),
      sample(15, { energyWh: 2000 }, late),
      stopped(30, { meterStopWh: 3000, ...late }),
    );
    expect(brief(ended)).toEqual([{ id: 'T1', from: 0, to: 30, energyWh: 2000, flags: ['lateArrival'] }]);
    expect(connector(1)?.session).toMatchObject({ transactionId: 'LIVE', energyWh: 400 });
  });

  it('from an offline queue that lost its stop ends with its last reading, not when a later one had left', () => {
    const late = { receivedAt: at(130) };
    const next = { transactionId: 'T2', meterStartWh: 5000 };
    const { ended } = given(
      started(60, next),
      stopped(90, { transactionId: 'T2', meterStopWh: 9000 }),
      status(91, 'available'),
      started(0, late),
      sample(15, { energyWh: 2000 }, late),
      { ...abandoned(91), receivedAt: at(150) },
    );
    expect(brief(ended).at(-1)).toEqual({
      id: 'T1',
      from: 0,
      to: 15,
      energyWh: 1000,
      flags: ['lateArrival', 'inferredStop'],
    });
  });

  it.each([
    ['a reading', sample(140, { energyWh: 11_000 })],
    ['a stop', stopped(140, { meterStopWh: 11_000 })],
    ['an update', updated(140, { ...on(1), seqNo: 3 })],
  ])('is the live one when %s of now shows that its clock was behind when it began', (_, live) => {
    const behind = (minute: number) => ({ receivedAt: at(minute) });
    const before = [
      started(60, { transactionId: 'T0', meterStartWh: 5000 }),
      stopped(90, { transactionId: 'T0', meterStopWh: 9000 }),
    ];
    const told = [
      started(100 - 1200, { meterStartWh: 9000, ...behind(100) }),
      sample(130 - 1200, { energyWh: 10_000 }, behind(130)),
    ];
    const begun = given(...before, ...told);
    expect(begun.connector(1)?.session).toBe(undefined);
    expect(begun.connector(1)?.past?.startedAt).toBe(at(100 - 1200));
    const resumed = given(...before, ...told, live, stopped(150, { meterStopWh: 12_000 }));
    const story = resumed.ended.filter(({ transactionId }) => transactionId === 'T1');
    expect(brief(story).at(-1)).toMatchObject({
      from: 100,
      to: live.type === 'SessionStopped' ? 140 : 150,
      energyWh: live.type === 'SessionStopped' ? 2000 : 3000,
      flags: ['clockCorrected'],
    });
    expect(toldWh(resumed.changes)).toBe(4000 + (story.at(-1)?.energyWh ?? 0));
    // Until then it may have been taken for one whose stop is lost.
    const lost = { ...abandoned(130 - 1200), receivedAt: at(139) };
    const undone = given(...before, ...told, lost, live, stopped(150, { meterStopWh: 12_000 }));
    const last = undone.ended.at(-1);
    expect(last).toMatchObject({ startedAt: at(100), energyWh: story.at(-1)?.energyWh });
    expect(toldWh(undone.changes)).toBe(4000 + (last?.energyWh ?? 0));
  });

  it('of the past stays there while what is told of it is no later than it was', () => {
    const late = { receivedAt: at(130) };
    const { connector, ended } = given(
      started(120, { transactionId: 'T2', meterStartWh: 5000 }),
      stopped(125, { transactionId: 'T2', meterStopWh: 5400 }),
      started(0, late),
      sample(15, { energyWh: 2000 }, late),
    );
    expect(connector(1)?.past).toMatchObject({ transactionId: 'T1', startedAt: at(0), flags: ['lateArrival'] });
    expect(connector(1)?.session).toBe(undefined);
    expect(ended).toHaveLength(1);
  });

  it('takes a late reading into its curve', () => {
    const { types, connector } = given(
      started(0),
      sample(1, { energyWh: 1100 }),
      sample(5, { energyWh: 1500 }),
      sample(3, { energyWh: 1250 }),
    );
    expect(types.at(-1)).toBe('MinutesCorrected');
    expect(connector(1)?.session?.energyWh).toBe(500);
  });

  it('has a gap where sequence numbers are missing', () => {
    const { connector } = given(started(0, { seqNo: 0 }), updated(1, { seqNo: 3 }));
    expect(connector(1)?.session?.flags).toEqual(['seqGap']);
  });

  it('has no gap once what was missing came, in any order', () => {
    const update = (seqNo: number) => updated(seqNo, { seqNo });
    const told = (...numbers: readonly number[]) =>
      given(started(0, { seqNo: 0 }), ...numbers.map(update), stopped(9, { meterStopWh: 1100, seqNo: 9 }));
    const flagsAfter = (...numbers: readonly number[]) => told(...numbers).ended[0]?.flags;
    expect(flagsAfter(2, 1, 3, 8, 8, 4, 6, 5, 7)).toEqual([]);
    expect(flagsAfter(4, 3, 1, 2, 8, 7, 6, 5)).toEqual([]);
    expect(flagsAfter(2, 1, 3, 8, 4, 6, 7)).toEqual(['seqGap']);
    expect(flagsAfter(1, 2, 3, 4, 5, 6, 7)).toEqual(['seqGap']);
  });

  it('has no gap once what was missing came after its end, in any order', () => {
    const { ended, connector } = given(
      started(0, { seqNo: 0 }),
      updated(3, { seqNo: 3 }),
      stopped(9, { meterStopWh: 1100, seqNo: 4 }),
      updated(2, { seqNo: 2 }),
      updated(2, { seqNo: 2 }),
      updated(1, { seqNo: 1 }),
      updated(1, { seqNo: 1 }),
    );
    expect(ended.map(({ flags }) => flags)).toEqual([['seqGap'], []]);
    expect(connector(1)?.recent).toMatchObject([{ record: { energyWh: 100, flags: [] } }]);
    expect(connector(1)?.recent[0]).not.toHaveProperty('missingSeqNos');
  });

  it('keeps its gap where more is missing than is noted', () => {
    const numbers = [60, ...Array.from({ length: 59 }, (_, index) => index + 1)];
    const { connector } = given(started(0, { seqNo: 0 }), ...numbers.map((seqNo) => updated(1, { seqNo })));
    expect(connector(1)?.session?.flags).toEqual(['seqGap']);
    expect(connector(1)?.session?.missingSeqNos).toBe(undefined);
  });
});

describe('a stop without a known transaction', () => {
  const two = [started(0), started(1, { transactionId: 'T2', tag: 'OTHER', meterStartWh: 7000, ...on(2) })];

  it('ends the session its tag, meter and time fit', () => {
    const { ended } = given(...two, noId(10, { tag: 'TAG', meterStopWh: 1400 }));
    expect(brief(ended)).toEqual([{ id: 'T1', from: 0, to: 10, energyWh: 400, flags: [] }]);
  });

  it('is an orphan of the station when it fits none, told once', () => {
    const stray = noId(10, { tag: 'STRANGER', meterStopWh: 1400 });
    const { ended, connector } = given(...two, stray, stray);
    expect(ended.map(({ evseId, flags, energyWh }) => ({ evseId, flags, energyWh }))).toEqual([
      { evseId: 0, flags: ['orphan'], energyWh: 0 },
    ]);
    expect([connector(1)?.session?.transactionId, connector(2)?.session?.transactionId]).toEqual(['T1', 'T2']);
  });
});

describe('a transaction of OCPP 2.x', () => {
  it('finds its place when only a later event names it', () => {
    const { evseId: _, connectorId: __, ...placeless } = started(0);
    const { connector, ended } = given(
      status(0, 'occupied'),
      status(0, 'available', on(2)),
      placeless,
      updated(1, { ...on(2), chargingState: 'charging' }),
      stopped(2, { meterStopWh: 1100 }),
    );
    expect(ended[0]).toMatchObject({ connectorId: 2, tag: 'TAG', startedAt: at(0), energyWh: 100 });
    expect(connector(1)?.session).toBe(undefined);
  });
});
