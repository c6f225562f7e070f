import { describe, expect, it } from 'vitest';
import type { CommandAnswer } from '../../../domain/demand-response/command-answer.ts';
import { answered, openCommands } from '../../../domain/demand-response/command-answers.ts';
import { isOwed } from '../../../domain/demand-response/is-owed.ts';
import type { SentCap } from '../../../domain/demand-response/sent-cap.ts';
import { emptyPlan, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const planned = plannedStation(10_000);
const sent: SentCap = { capW: 30_000, endAt: 900, answer: 'accepted', at: 10 };
const plan: ZonePlan = { ...emptyPlan('north'), rev: 1, decidedAt: 100 };

describe('the answer of a station', () => {
  const byCar = { ...sent, answer: 'sent', commandIds: ['1', '2'] } as const;
  const sentOnce = (answers: Parameters<typeof answered>[1]) =>
    answered({ ...plan, stations: [{ ...planned, sent: byCar }] }, answers).stations[0]?.sent;
  const accepted = (at: number): CommandAnswer => ({ answer: 'accepted', at });

  it('is open until all its commands are answered', () => {
    expect(sentOnce(new Map([['1', accepted(50)]]))).toEqual(byCar);
    expect(openCommands({ ...plan, stations: [{ ...planned, sent: byCar }] })).toEqual([
      { stationId: 'A', commandId: '1' },
      { stationId: 'A', commandId: '2' },
    ]);
  });

  it('is the worst of them, at the last', () => {
    const rejected: CommandAnswer = { answer: 'rejected', at: 40 };
    expect(
      sentOnce(
        new Map([
          ['1', accepted(50)],
          ['2', rejected],
        ]),
      ),
    ).toMatchObject({ answer: 'rejected', answeredAt: 50 });
    expect(
      sentOnce(
        new Map([
          ['1', accepted(50)],
          ['2', accepted(70)],
        ]),
      ),
    ).toMatchObject({ answer: 'accepted', answeredAt: 70 });
  });

  it('is none while one car did not answer its return, although the limit of another that has gone is rejected', () => {
    const answers = new Map<string, CommandAnswer>([
      ['1', { answer: 'rejected', at: 40 }],
      ['2', { answer: 'silent', at: 130 }],
    ]);
    const back = { ...byCar, endAt: 90, heldUntil: 3_600_000 } as const;
    const [station] = answered({ ...plan, stations: [{ ...planned, sent: back }] }, answers).stations;
    expect(station?.sent).toEqual({ ...back, answer: 'silent', answeredAt: 130 });
    expect(station && isOwed({ ...plan, decidedAt: 150, stations: [station] }, station)).toBe(true);
  });
});
