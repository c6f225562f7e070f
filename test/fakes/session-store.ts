import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { SessionStore } from '../../use-cases/ports/session-store.ts';

/** Ended sessions in memory: what the table holds after the same writes. */
export const sessionsInMemory = () => {
  const records = new Map<string, SessionRecord>();
  const all: SessionStore['all'] = async (selection) =>
    [...records.values()].filter((record) => {
      const { fromAt, toAt } = selection;
      const keys = { station: record.stationId, site: record.siteId, tag: record.tag };
      const isMeant = selection.by === 'network' || keys[selection.by] === selection.value;
      return isMeant && record.startedAt >= fromAt && record.startedAt < toAt;
    });
  const store: SessionStore = {
    put: async (next) => {
      if ((records.get(next.sessionId)?.rev ?? 0) >= next.rev) return false;
      records.set(next.sessionId, next);
      return true;
    },
    find: async (sessionId) => records.get(sessionId),
    all,
    list: async (selection, { limit, after, newestFirst = false }) => {
      const oldestFirst = (await all(selection)).toSorted((a, b) => a.startedAt - b.startedAt);
      const ordered = newestFirst ? oldestFirst.toReversed() : oldestFirst;
      const behind = ordered.slice(ordered.findIndex(({ sessionId }) => sessionId === after?.sessionId) + 1);
      return { items: behind.slice(0, limit), more: behind.length >= limit };
    },
  };
  return { store, records };
};
