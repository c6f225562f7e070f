import type { CommandRecord } from '../../domain/commands/command.ts';
import { dueAt, emptyMailbox, type MailboxState } from '../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type {
  MailboxStore,
  MailboxWrite,
  RefusedRequest,
  StationContact,
} from '../../use-cases/ports/commands/mailbox-store.ts';
import type { OverdueMailboxes } from '../../use-cases/ports/commands/overdue-mailboxes.ts';

/** Mailboxes in memory, with every write that was taken. */
export type FakeMailboxStore = MailboxStore & {
  readonly contacts: Map<string, StationContact>;
  readonly writes: MailboxWrite[];
  readonly overdue: OverdueMailboxes;
};

export const fakeMailboxStore = (contacts: Iterable<readonly [string, StationContact]> = []): FakeMailboxStore => {
  const mailboxes = new Map<string, MailboxState>();
  const records = new Map<string, CommandRecord>();
  const requests = new Map<string, { readonly commandId?: string; readonly refused?: RefusedRequest }>();
  const stations = new Map(contacts);
  const writes: MailboxWrite[] = [];
  const load = (stationId: string): MailboxState => structuredClone(mailboxes.get(stationId) ?? emptyMailbox);
  const withContact = (stationId: string) => ({
    mailbox: load(stationId),
    ...omitUndefined({ contact: stations.get(stationId) }),
  });
  const pathOf = (stationId: string, commandId: string): string => `${stationId}/${commandId}`;
  return {
    contacts: stations,
    writes,
    overdue: {
      before: async (instant) =>
        [...mailboxes].flatMap(([stationId, state]) => {
          const due = dueAt(state);
          return due !== undefined && due < instant ? [{ stationId, dueAt: due }] : [];
        }),
    },
    load: async (stationId) => load(stationId),
    loadAll: async (stationIds) => new Map(stationIds.map((stationId) => [stationId, load(stationId)] as const)),
    loadWithContact: async (stationId) => withContact(stationId),
    loadAllWithContact: async (stationIds) =>
      new Map(stationIds.map((stationId) => [stationId, withContact(stationId)] as const)),
    commit: async (write) => {
      const { stationId, readRev, created, requestName } = write;
      const found = load(stationId);
      if (found.rev !== readRev) return { outcome: 'conflict', ...(mailboxes.has(stationId) && { found }) };
      const request = requests.get(pathOf(stationId, requestName ?? ''));
      if (request !== undefined || records.has(pathOf(stationId, created ?? '')))
        return { outcome: 'duplicate', ...omitUndefined({ of: request?.commandId }) };
      if (requestName !== undefined)
        requests.set(pathOf(stationId, requestName), omitUndefined({ commandId: created }));
      const kept = structuredClone(write);
      mailboxes.set(stationId, kept.state);
      for (const record of kept.records) records.set(pathOf(stationId, record.command.commandId), record);
      writes.push(kept);
      return { outcome: 'committed' };
    },
    find: async (stationId, commandId) => records.get(pathOf(stationId, commandId)),
    becameOf: async (stationId, requestName) => requests.get(pathOf(stationId, requestName))?.commandId,
    refuse: async (stationId, requestName, refused) => {
      const path = pathOf(stationId, requestName);
      const request = requests.get(path) ?? { refused };
      requests.set(path, request);
      return request.refused;
    },
    list: async (stationId, { limit, nextToken }) => {
      const newestFirst = [...records]
        .filter(([path]) => path.startsWith(`${stationId}/`))
        .toSorted(([a], [b]) => (a < b ? 1 : -1));
      const from = nextToken === undefined ? 0 : Number(nextToken);
      if (!Number.isInteger(from)) throw new Rejected('Invalid page token');
      const items = newestFirst.slice(from, from + limit).map(([, record]) => record);
      const next = from + limit < newestFirst.length ? String(from + limit) : undefined;
      return { items, ...omitUndefined({ nextToken: next }) };
    },
  };
};
