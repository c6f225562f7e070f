import type { System } from '../../async/system.ts';
import type { Clock } from '../../simulator/clock.ts';
import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { MailboxStore, MailboxWrite, StationContact } from '../../use-cases/ports/commands/mailbox-store.ts';
import type { StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';

/** Counts by name. */
export const counter = () => {
  const counts = new Map<string, number>();
  return { counts, count: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1) };
};

/** Time of the simulation as a port. */
export const systemOf = (clock: Clock): System => ({
  clock: clock.now,
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(durationMs, resolve);
      signal?.addEventListener(
        'abort',
        () => {
          cancel();
          reject(signal.reason);
        },
        { once: true },
      );
    }),
  random: () => 0.5,
});

/** Mailboxes that tell what each write changed, as the change stream of their table does. */
export const toldMailboxes = (
  inner: MailboxStore,
  tell: (stationId: string, changes: readonly CommandsChange[]) => void,
) => {
  const changesOf = async ({ stationId, state, records }: MailboxWrite): Promise<readonly CommandsChange[]> => {
    const before = await inner.load(stationId);
    const ended: CommandsChange[] = [];
    for (const record of records) {
      const known = await inner.find(stationId, record.command.commandId);
      ended.push({ kind: 'record', stationId, before: known, after: record });
    }
    return [{ kind: 'mailbox', stationId, before, after: state }, ...ended];
  };
  return {
    ...inner,
    commit: async (write: MailboxWrite) => {
      const changes = await changesOf(write);
      const written = await inner.commit(write);
      if (written.outcome === 'committed') tell(write.stationId, changes);
      return written;
    },
  };
};

/** Connectivity that also stands where mailboxes look it up: the table of stations is one. */
export const toldConnectivity = (
  known: StationConnectivity,
  contacts: Map<string, StationContact>,
): StationConnectivity => ({
  ...known,
  open: async (arrival) => {
    const opened = await known.open(arrival);
    const { stationId, connectionId, ocpp, transport, at } = arrival;
    const contact = contacts.get(stationId);
    if (opened.outcome === 'recorded' && contact !== undefined)
      contacts.set(stationId, { ...contact, ocpp, connection: { connectionId, ocpp, transport, openedAt: at } });
    return opened;
  },
  close: async (departure) => {
    const left = await known.close(departure);
    const contact = contacts.get(departure.stationId);
    if (left !== undefined && contact !== undefined) {
      const { connection: _, ...offline } = contact;
      contacts.set(departure.stationId, offline);
    }
    return left;
  },
});
