import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { energyByHour, energyBySlot } from '../../../domain/session/energy-by-slot.ts';
import { energyAt } from '../../../domain/session/meter-curve.ts';
import { at, conversation, v16, v201 } from '../../support/conversation.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { toldMinutes, toldWh } from '../../support/told-minutes.ts';

const METER_START_WH = 100_000;

/** A reading: minutes after noon, and what the register shows, Wh. */
type Reading = readonly [minute: number, registerWh: number];
type Session = {
  readonly from: number;
  readonly readings: readonly Reading[];
  readonly to: number;
  readonly stopWh: number;
};

const session: fc.Arbitrary<Session> = fc
  .record({
    from: fc.integer({ min: 0, max: 3600 }).map((sec) => sec / 60),
    everySec: fc.constantFrom(1, 7, 20, 60, 300, 900),
    powersW: fc.array(fc.constantFrom(0, 5, 1400, 7200, 11_000, 22_000), { minLength: 1, maxLength: 5 }),
    readingsEach: fc.integer({ min: 1, max: 25 }),
    /** The power changes with every reading, and comes back to what it was. */
    isAlternating: fc.boolean(),
    isWhole: fc.boolean(),
    tailSec: fc.integer({ min: 0, max: 900 }),
  })
  .map(({ from, everySec, powersW, readingsEach, isAlternating, isWhole, tailSec }) => {
    const shown = (wh: number): number => METER_START_WH + (isWhole ? Math.floor(wh) : Math.round(wh * 1000) / 1000);
    let wh = 0;
    const inTurn = Array.from({ length: readingsEach }, () => powersW).flat();
    const inBlocks = powersW.flatMap((powerW) => Array.from({ length: readingsEach }, () => powerW));
    const readings = (isAlternating ? inTurn : inBlocks).map((powerW, index): Reading => {
      wh += (powerW * everySec) / 3600;
      return [from + ((index + 1) * everySec) / 60, shown(wh)];
    });
    const to = from + (readings.length * everySec + tailSec) / 60;
    return { from, readings, to, stopWh: shown(wh) };
  });

/** How the readings between start and stop are delivered. */
const delivery = fc.record({
  /** A block of readings that arrives late: where it begins and how long it is, as shares of all readings. */
  late: fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true })),
  isAfterStop: fc.boolean(),
  isBackwards: fc.boolean(),
  /** Readings that are sent again after everything else, as shares. */
  repeats: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 40 }),
  isStartLast: fc.boolean(),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer D> ? D : never;

type Message = 'start' | 'stop' | number;

const orderOf = (
  count: number,
  { late, isAfterStop, isBackwards, repeats, isStartLast }: Delivery,
): readonly Message[] => {
  const indices = Array.from({ length: count }, (_, index) => index);
  const from = Math.floor(late[0] * count);
  const to = from + Math.floor(late[1] * count);
  const block = indices.slice(from, to);
  const lateBlock = isBackwards ? block.toReversed() : block;
  const inTime = indices.filter((index) => index < from || index >= to);
  const readings: Message[] = isAfterStop ? [...inTime, 'stop', ...lateBlock] : [...inTime, ...lateBlock, 'stop'];
  const again = repeats.map((share) => Math.floor(share * count));
  return isStartLast ? [...readings, 'start', ...again] : ['start', ...readings, 'stop', ...again, 'start'];
};

/** The station after all messages of a session; `late` is a minute by which everything has arrived. */
const speaking = {
  '1.6': ({ from, readings, to, stopWh }: Session, order: readonly Message[], arrival: number) => {
    const station = conversation('1.6');
    const start = v16.start(from, METER_START_WH);
    const id = Number(conversation('1.6').say(from, 'StartTransaction', start).transactionId);
    for (const message of order) {
      if (message === 'start') station.say(arrival, 'StartTransaction', start);
      else if (message === 'stop') station.say(arrival, 'StopTransaction', v16.stop(to, stopWh, id));
      else station.say(arrival, 'MeterValues', v16.values(...(readings[message] ?? [0, 0]), id));
    }
    return station;
  },
  '2.0.1': ({ from, readings, to, stopWh }: Session, order: readonly Message[], arrival: number) => {
    const station = conversation('2.0.1');
    const evse = { evse: { id: 1, connectorId: 1 } };
    const say = (type: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, register: number) =>
      station.say(arrival, 'TransactionEvent', v201.event(type, minute, seqNo, { register, ...evse }));
    for (const message of order) {
      if (message === 'start') say('Started', from, 0, METER_START_WH);
      else if (message === 'stop') say('Ended', to, readings.length + 1, stopWh);
      else say('Updated', readings[message]?.[0] ?? 0, message + 1, readings[message]?.[1] ?? 0);
    }
    return station;
  },
};

const hoursOf = (slots: readonly { readonly startAt: number; readonly energyWh: number }[]): Map<number, number> => {
  const hours = new Map<number, number>();
  for (const { startAt, energyWh } of slots) {
    const hour = Math.floor(startAt / HOUR_MS) * HOUR_MS;
    hours.set(hour, (hours.get(hour) ?? 0) + energyWh);
  }
  return hours;
};

describe.each(['1.6', '2.0.1'] as const)('a session of OCPP %s, once everything has been delivered', (version) => {
  it('has the energy of its meters in its record, its hours and its minutes alike, in any order and however often', () => {
    fc.assert(
      fc.property(session, delivery, (metered, how) => {
        const order = orderOf(metered.readings.length, how);
        const station = speaking[version](metered, order, metered.to + 4);
        const [record, ...others] = station.sessions;
        expect(others).toEqual([]);
        const totalWh = Math.round((metered.stopWh - METER_START_WH) * 1000) / 1000;
        expect(record?.energyWh).toBeCloseTo(totalWh, 2);
        if (record === undefined) return;
        expect(station.connector(1)?.session).toBe(undefined);
        const minutes = toldMinutes(station.changes);
        expect(station.windowWh()).toBeCloseTo(totalWh, 2);
        for (const { energyWh } of minutes) expect(energyWh).toBeGreaterThanOrEqual(0);
        const byMinutes = hoursOf(minutes);
        const byCurve = hoursOf(energyByHour(record.curve, record.startedAt));
        for (const hour of new Set([...byMinutes.keys(), ...byCurve.keys()]))
          expect(byMinutes.get(hour) ?? 0).toBeCloseTo(byCurve.get(hour) ?? 0, 1);
      }),
      { numRuns: 150 },
    );
  });

  it('tells every minute exactly while its readings come in time, and keeps a curve that is off by 1 Wh or 0.01 % at most', () => {
    fc.assert(
      fc.property(session, (metered) => {
        const order: Message[] = ['start', ...metered.readings.map((_, index) => index), 'stop'];
        const station = speaking[version](metered, order, metered.to);
        const truth: Reading[] = [[metered.from, METER_START_WH], ...metered.readings, [metered.to, metered.stopWh]];
        const trueWh = (instant: number): number => {
          const after = truth.findIndex(([minute]) => at(minute) > instant);
          const [from, to] = [truth[after - 1], truth[after]];
          if (after === -1 || !to) return (truth.at(-1)?.[1] ?? 0) - METER_START_WH;
          if (!from) return 0;
          const share = (instant - at(from[0])) / (at(to[0]) - at(from[0]));
          return from[1] + (to[1] - from[1]) * share - METER_START_WH;
        };
        for (const { startAt, energyWh } of toldMinutes(station.changes))
          expect(Math.abs(energyWh - (trueWh(startAt + 60_000) - trueWh(startAt)))).toBeLessThanOrEqual(0.01);
        const [record] = station.sessions;
        const boundWh = Math.max(1, (metered.stopWh - METER_START_WH) / 10_000) + 0.01;
        for (const [minute] of truth) {
          const sec = (at(minute) - (record?.startedAt ?? 0)) / 1000;
          expect(Math.abs(energyAt(record?.curve ?? [], sec) - trueWh(at(minute)))).toBeLessThanOrEqual(boundWh);
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** What the register had counted since the start at an instant, by the line through all that was ever told. */
const exactly = ({ from, readings, to, stopWh }: Session) => {
  const truth: Reading[] = [[from, METER_START_WH], ...readings, [to, stopWh]];
  return (instant: number): number => {
    const after = truth.findIndex(([minute]) => at(minute) > instant);
    const [before, next] = [truth[after - 1], truth[after]];
    if (after === -1 || !next) return stopWh - METER_START_WH;
    if (!before) return 0;
    const share = (instant - at(before[0])) / (at(next[0]) - at(before[0]));
    return before[1] + (next[1] - before[1]) * share - METER_START_WH;
  };
};

/** Messages in any order: the start and the stop anywhere, some of the readings again. */
const anyOrder = (count: number): fc.Arbitrary<readonly Message[]> => {
  const messages: readonly Message[] = ['start', ...Array.from({ length: count }, (_, index) => index), 'stop'];
  const isSome = fc.array(fc.boolean(), { minLength: messages.length, maxLength: messages.length });
  const late = fc.oneof(
    isSome.map((isLate) => (_: Message, place: number) => isLate[place] === true),
    fc
      .integer({ min: 1, max: 5 })
      .map((stride) => (message: Message) => typeof message === 'number' && message % stride !== stride - 1),
    fc.constant(() => true),
  );
  return fc
    .tuple(
      late,
      fc.shuffledSubarray([...messages], { minLength: messages.length }),
      fc.array(fc.nat(count - 1), { maxLength: 20 }),
    )
    .map(([isLate, stirred, again]) => {
      const isLast = new Set(messages.filter(isLate));
      return [
        ...messages.filter((message) => !isLast.has(message)),
        ...stirred.filter((message) => isLast.has(message)),
        ...again,
      ];
    });
};

describe.each(['1.6', '2.0.1'] as const)('a session of OCPP %s whose messages come in any order', (version) => {
  it('tells every minute as the line through all its readings does, within 2 Wh, or 0.02 % of its energy', () => {
    const told = session
      .filter(({ readings }) => readings.length <= 100)
      .chain((metered) => fc.tuple(fc.constant(metered), anyOrder(metered.readings.length)));
    fc.assert(
      fc.property(told, ([metered, order]) => {
        const station = speaking[version](metered, order, metered.to + 4);
        const trueWh = exactly(metered);
        const totalWh = metered.stopWh - METER_START_WH;
        const [record, ...others] = station.sessions;
        expect([others, record?.energyWh]).toEqual([[], expect.closeTo(totalWh, 2)]);
        expect(station.windowWh()).toBeCloseTo(totalWh, 2);
        const mostWh = 2 * Math.max(1, totalWh * 0.0001) + 0.01;
        for (const { startAt, energyWh } of toldMinutes(station.changes))
          expect(Math.abs(energyWh - (trueWh(startAt + MINUTE_MS) - trueWh(startAt)))).toBeLessThanOrEqual(mostWh);
        for (const [minute] of metered.readings) {
          const toldWh = energyAt(record?.curve ?? [], (at(minute) - (record?.startedAt ?? 0)) / 1000);
          expect(Math.abs(toldWh - trueWh(at(minute)))).toBeLessThanOrEqual(mostWh / 2);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the minutes of a session', () => {
  it('add up to its energy after a reading that came late changed its record, although the curve left readings out', () => {
    let wh = 1000;
    const readings = Array.from({ length: 180 }, (_, index) => {
      wh += (11_000 + 2000 * Math.sin(index)) / 360;
      return sample((index + 1) / 6, { energyWh: Math.round(wh * 1000) / 1000 });
    });
    const late = sample(31, { energyWh: wh + 400 });
    const { ended, changes } = given(started(0), ...readings, stopped(45, { meterStopWh: wh + 500 }), late);
    expect(ended.map(({ flags }) => flags)).toEqual([[], ['lateArrival']]);
    const [record] = ended.slice(-1);
    expect(record?.curve.length).toBeLessThan(150);
    expect(toldWh(changes)).toBeCloseTo(record?.energyWh ?? 0, 3);
    const byCurve = energyBySlot(record?.curve ?? [], record?.startedAt ?? 0, MINUTE_MS, at(0), at(45));
    expect(toldMinutes(changes).map(({ energyWh }) => energyWh)).toEqual(byCurve.map(({ energyWh }) => energyWh));
  });

  it('end with it, also where its stop is stamped before its last readings', () => {
    const readings = [10, 20, 30, 40, 50].map((minute) => sample(minute, { energyWh: 1000 + minute * 100 }));
    const { ended, changes } = given(started(0), ...readings, stopped(25, { meterStopWh: 6000 }));
    expect(ended).toMatchObject([{ endedAt: at(25), energyWh: 5000 }]);
    expect(toldWh(changes.filter((change) => !('connectorId' in change) || change.connectorId === 1))).toBe(5000);
    const after = toldMinutes(changes).filter(({ startAt }) => startAt >= at(25));
    expect(after.filter(({ energyWh }) => energyWh !== 0)).toEqual([]);
  });

  it('are told again in an outbox that fits its item after a block of late readings in one message', () => {
    const late = Array.from({ length: 300 }, (_, index) =>
      sample((index + 1) / 6, { energyWh: 1000 + Math.round(15_000 * Math.sin((index / 300) * (Math.PI / 2))) }),
    );
    const { ended, changes } = given(started(0), stopped(60, { meterStopWh: 17_000 }), late);
    expect(ended).toHaveLength(2);
    expect(JSON.stringify(changes).length).toBeLessThan(200_000);
    expect(toldWh(changes)).toBeCloseTo(16_000, 3);
  });
});
