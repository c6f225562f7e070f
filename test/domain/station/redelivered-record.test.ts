import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/kernel/fact.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { fold } from '../../../domain/station/fold.ts';
import type { StationAggregate } from '../../../domain/station/station-aggregate.ts';
import { started, stopped } from '../../support/facts.ts';

const start = (minute: number, connectorId: number, transactionId: string, tag: string): Fact =>
  started(minute, { transactionId, tag, evseId: connectorId, connectorId });
const stop = (minute: number, transactionId: string, tag: string): Fact =>
  stopped(minute, { transactionId, tag, meterStopWh: 1500 });

const blank: StationAggregate = { stationId: 'S1', station: {}, connectors: [] };
const record = (number: number, fact: Fact) => ({ guard: guardOf('00', String(number)), facts: [fact] });

describe('a stop that is delivered again after its connector has forgotten its session', () => {
  it('does not end the session of the same tag on another connector', () => {
    const first = record(3, stop(20, 'T1', 'TAG'));
    const others = [0, 1, 2, 3, 4].flatMap((index) => [
      record(4 + 2 * index, start(30 + 10 * index, 1, `N${index}`, 'OTHER')),
      record(5 + 2 * index, stop(35 + 10 * index, `N${index}`, 'OTHER')),
    ]);
    const records = [record(1, start(0, 2, 'T2', 'TAG')), record(2, start(10, 1, 'T1', 'TAG')), first, ...others];
    const known = records.reduce((before, next) => fold(before, next).aggregate, blank);
    expect(known.connectors.map(({ session }) => session?.transactionId)).toEqual(['T2', undefined]);
    expect(fold(known, first)).toEqual({ aggregate: known, connectors: [], isIndivisible: false });
  });
});
