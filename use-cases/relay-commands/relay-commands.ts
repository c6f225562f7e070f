import { endedCommandOf } from '../../domain/commands/command.ts';
import { dueAt } from '../../domain/commands/mailbox-state.ts';
import type { CommandsChange } from '../ports/commands/commands-change.ts';
import type { WakeQueue, WakeUp } from '../ports/commands/wake-queue.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';

/** A mailbox that time will change, where it would have changed at another instant before. */
const wakeUpsOf = (change: CommandsChange): readonly WakeUp[] => {
  if (change.kind !== 'mailbox') return [];
  const due = dueAt(change.after);
  const known = change.before && dueAt(change.before);
  return due === undefined || due === known ? [] : [{ stationId: change.stationId, dueAt: due }];
};

const endingsOf = (change: CommandsChange) => {
  if (change.kind !== 'record' || change.before?.state === change.after.state) return [];
  const { stationId, after } = change;
  const command = endedCommandOf(after);
  return command === undefined ? [] : [{ stationId, command, at: after.at }];
};

/**
 * What follows from the writes of mailboxes, whatever became of those who wrote them: each deadline is queued, so that a
 * command ends even if its sender died before sending, and each end of a command goes onto the stream of its station.
 */
export const relayCommands =
  ({ queue, stream }: { readonly queue: WakeQueue; readonly stream: OcppStream }) =>
  async (changes: readonly CommandsChange[]): Promise<void> => {
    const wakeUps = changes.flatMap(wakeUpsOf);
    if (wakeUps.length > 0) await queue.schedule(wakeUps);
    for (const { stationId, command, at } of changes.flatMap(endingsOf))
      await stream.put({ kind: 'command', stationId, receivedAt: at, command });
  };
