import { describe, expect, it } from 'vitest';
import type { WakeUp } from '../../use-cases/ports/commands/wake-queue.ts';
import { answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
import { wakeOverdue } from '../../use-cases/sweep-fleet/wake-overdue.ts';
import { givenStation } from './send-command/given-station.ts';

/** A station with a command on the wire and one behind it, whose wake-ups are all lost; and the sweep of a minute. */
const givenLostWakeUps = async () => {
  const station = givenStation();
  const first = await station.request('UnlockConnector', { connectorId: 1 });
  const second = await station.request('ClearCache', {});
  const queued: WakeUp[] = [];
  const queue = { schedule: async (wakeUps: readonly WakeUp[]) => void queued.push(...wakeUps) };
  const { wake, settle, ports } = station;
  const noReply = () => Promise.reject(new Error('No answer is left to settle'));
  const answer = answerWakeUp({ ...ports, mailbox: wake, settle, queue: { ...queue, settle: noReply } });
  const sweep = wakeOverdue({ overdue: station.mailboxes.overdue, queue });
  const sweepAt = async (now: number) => {
    station.time.now = now;
    const swept = await sweep(now);
    for (const wakeUp of queued.splice(0)) await answer(wakeUp);
    return swept;
  };
  const states = () => Promise.all([first, second].map(({ command }) => station.stateOf(command.commandId)));
  return { station, sweepAt, states };
};

describe('a command whose wake-up is lost', () => {
  it('is timed out by the sweep of the minute, and the next one is sent', async () => {
    const { station, sweepAt, states } = await givenLostWakeUps();
    expect(await sweepAt(120_000 + 1)).toEqual({ woken: 1 });
    expect(await states()).toEqual(['TimedOut', 'Sent']);
    expect(station.wire.sent).toHaveLength(2);
  });

  it('is left to its wake-up for half a minute', async () => {
    const { sweepAt, states } = await givenLostWakeUps();
    expect(await sweepAt(120_000)).toEqual({ woken: 0 });
    expect(await states()).toEqual(['Sent', 'Queued']);
  });

  it('costs nothing where nothing is overdue', async () => {
    const { overdue } = givenStation().mailboxes;
    const queue = { schedule: () => Promise.reject(new Error('There is nothing to queue')) };
    expect(await wakeOverdue({ overdue, queue })(120_000)).toEqual({ woken: 0 });
  });
});
