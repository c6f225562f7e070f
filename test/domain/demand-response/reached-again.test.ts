import { describe, expect, it } from 'vitest';
import type { CommandRecord } from '../../../domain/commands/command.ts';
import { commandAnswer } from '../../../domain/demand-response/command-answer.ts';
import { answered } from '../../../domain/demand-response/command-answers.ts';
import { isOwed } from '../../../domain/demand-response/is-owed.ts';
import { reachedAgain, unreachedStations } from '../../../domain/demand-response/reached-again.ts';
import type { SentCap } from '../../../domain/demand-response/sent-cap.ts';
import { emptyPlan, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const sent: SentCap = { capW: 30_000, endAt: 900, answer: 'unreachable', at: 10 };
const planned = { ...plannedStation(10_000), sent };
const plan: ZonePlan = {
  ...emptyPlan('north'),
  rev: 1,
  decidedAt: 100,
  signals: [{ signalId: 'dr', version: 1, type: 'CURTAIL', priority: 2, targetW: 10_000, endAt: 900 }],
  stations: [
    { ...planned, stationId: 'A' },
    { ...planned, stationId: 'B' },
    { ...planned, stationId: 'C', sent: { ...sent, answer: 'accepted' } },
    { ...planned, stationId: 'D', hasLeft: true },
  ],
};
const owed = (one: ZonePlan): readonly string[] =>
  one.stations.flatMap((station) => (isOwed(one, station) ? station.stationId : []));

const cap = (state: CommandRecord['state']): CommandRecord => ({
  command: {
    ...{ commandId: '1', action: 'SetChargingProfile', payload: '{}', timeoutMs: 30_000, ocpp: '1.6', by: 'us' },
    ...{ origin: 'internal', requestedAt: 10, expiresAt: 90, kind: 'idempotent' },
  },
  attempts: 0,
  state,
  at: 90,
});

describe('a cap in the mailbox of a station that is offline for longer than commands wait', () => {
  const waiting = { ...planned, sent: { ...sent, answer: 'sent', commandIds: ['1'] } } as const;
  const owedAfter = (state: CommandRecord['state']) => {
    const answer = commandAnswer(cap(state));
    const told = answered({ ...plan, stations: [waiting] }, new Map(answer ? [['1', answer]] : []));
    return owed(reachedAgain(told, new Set(unreachedStations(told))));
  };

  it('is put there again, and one that was sent and not answered is not', () => {
    expect([owedAfter('Expired'), owedAfter('TimedOut'), owedAfter('Queued')]).toEqual([['A'], [], []]);
  });
});

describe('stations that could not be sent their caps', () => {
  it('are those in the zone that were offline', () => {
    expect(unreachedStations(plan)).toEqual(['A', 'B']);
  });

  it('are owed them once they can be reached, and no others are', () => {
    expect([owed(reachedAgain(plan, new Set())), owed(reachedAgain(plan, new Set(['B', 'C'])))]).toEqual([
      ['D'],
      ['B', 'D'],
    ]);
  });
});
