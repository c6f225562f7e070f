import { inOrder } from '../../async/in-order.ts';
import { SomeFailed } from '../../async/settle.ts';
import { endedCommandOf, isFinal } from '../../domain/commands/command.ts';
import { dueAt } from '../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { siteOfCaller } from '../../domain/site/site-caller.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { CommandsChange } from '../ports/commands/commands-change.ts';
import type { WakeQueue, WakeUp } from '../ports/commands/wake-queue.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { SiteRecord, SiteStream } from '../ports/sites/site-record.ts';

/** A mailbox that time will change, where it would have changed at another instant before. */
const wakeUpsOf = (change: CommandsChange): readonly WakeUp[] => {
  if (change.kind !== 'mailbox') return [];
  const due = dueAt(change.after);
  const known = change.before && dueAt(change.before);
  return due === undefined || due === known ? [] : [{ stationId: change.stationId, dueAt: due }];
};

/** A change with what goes onto the stream for it. */
type Relayed = { readonly change: CommandsChange; readonly envelope: Envelope };

/** How a command ended, or what the stream did not take before. */
const relayedOf = (change: CommandsChange): readonly Relayed[] => {
  if (change.kind === 'held') return [{ change, envelope: change.envelope }];
  if (change.kind !== 'record' || change.before?.state === change.after.state) return [];
  const { stationId, after } = change;
  const command = endedCommandOf(after);
  return command === undefined
    ? []
    : [{ change, envelope: { kind: 'command', stationId, receivedAt: after.at, command } }];
};

/** How a setpoint ended, for the site that decided it. */
const setpointsOf = (change: CommandsChange): readonly SiteRecord[] => {
  if (change.kind !== 'record' || change.before?.state === change.after.state) return [];
  const { command, state, at, sentAt } = change.after;
  const siteId = command.origin === 'internal' ? siteOfCaller(command.by) : undefined;
  if (siteId === undefined || command.kind !== 'latest-wins' || !isFinal(state)) return [];
  const { slot, version } = command.decision;
  if (slot.evseId === undefined) return [];
  const outcome = {
    stationId: change.stationId,
    evseId: slot.evseId,
    version,
    state,
    at,
    ...omitUndefined({ sentAt }),
  };
  return [{ kind: 'site-setpoint', siteId, receivedAt: at, outcome }];
};

/** One after the other, the ends of a thousand commands would keep the next deadlines from being queued for as long as they last. */
const STATIONS_AT_ONCE = 16;

/**
 * What follows from the writes of mailboxes, whatever became of those who wrote them: each deadline is queued, so that a
 * command ends even if its sender died before sending, and each end of a command goes onto the stream of its station, and of
 * the site whose setpoint it was. An envelope that is held goes onto the stream as well. Throws SomeFailed with the changes of
 * which something is not on the stream of their station.
 */
export const relayCommands =
  ({
    queue,
    stream,
    sites,
  }: {
    readonly queue: Pick<WakeQueue, 'schedule'>;
    readonly stream: OcppStream;
    readonly sites: SiteStream;
  }) =>
  async (changes: readonly CommandsChange[]): Promise<void> => {
    const wakeUps = changes.flatMap(wakeUpsOf);
    if (wakeUps.length > 0) await queue.schedule(wakeUps);
    const setpoints = changes.flatMap(setpointsOf);
    if (setpoints.length > 0) await sites.put(setpoints);
    const failures = await inOrder({
      items: changes.flatMap(relayedOf),
      keyOf: ({ change }) => change.stationId,
      run: async (_, [relayed]) => {
        if (relayed !== undefined) await stream.put(relayed.envelope);
      },
      runLength: 1,
      concurrency: STATIONS_AT_ONCE,
      afterFailure: 'stop-key',
    });
    if (failures.length === 0) return;
    const failed = failures.map(({ item, error }) => ({ item: item.change, error }));
    throw new SomeFailed(failed, `${failures.length} records are not on the stream`);
  };
