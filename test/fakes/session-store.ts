import { type SessionRecord, toldFrom } from '../../domain/tariff/session-record.ts';
import type { SessionSpan, SessionStore } from '../../use-cases/ports/session-store.ts';

/** Ended sessions in memory: what the table holds after the same writes. */
export const sessionsInMemory = () => {
  const records = new Map<string, SessionRecord>();
  const withdrawn = new Map<string, { readonly rev: number; readonly span: SessionSpan | undefined }>();
  const all: SessionStore['all'] = async (selection) =>
    [...records.values()].filter((record) => {
      const { fromAt, toAt } = selection;
      const keys = { station: record.stationId, site: record.siteId, tag: record.tag };
      const isMeant = selection.by === 'network' || keys[selection.by] === selection.value;
      return isMeant && toldFrom(record) >= fromAt && toldFrom(record) < toAt;
    });
  const store: SessionStore = {
    put: async (next) => {
      const { sessionId, rev } = next;
      if (Math.max(records.get(sessionId)?.rev ?? 0, withdrawn.get(sessionId)?.rev ?? 0) >= rev) return false;
      withdrawn.delete(sessionId);
      records.set(next.sessionId, next);
      return true;
    },
    withdraw: async (sessionId, rev) => {
      const record = records.get(sessionId);
      if ((record?.rev ?? 0) > rev || (withdrawn.get(sessionId)?.rev ?? 0) > rev) return undefined;
      const span = record ? { startedAt: toldFrom(record), endedAt: record.endedAt } : withdrawn.get(sessionId)?.span;
      records.delete(sessionId);
      withdrawn.set(sessionId, { rev, span });
      return span;
    },
    sold: async ({ fromAt, ...selection }) =>
      (await all({ ...selection, fromAt: 0 })).filter(({ endedAt }) => endedAt >= fromAt),
    find: async (sessionId) => records.get(sessionId),
    all,
    list: async (selection, { limit, after, newestFirst = false }) => {
      const oldestFirst = (await all(selection)).toSorted((a, b) => toldFrom(a) - toldFrom(b));
      const ordered = newestFirst ? oldestFirst.toReversed() : oldestFirst;
      const behind = ordered.slice(ordered.findIndex(({ sessionId }) => sessionId === after?.sessionId) + 1);
      return { items: behind.slice(0, limit), more: behind.length >= limit };
    },
  };
  return { store, records };
};
