import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { SessionStore } from '../../use-cases/ports/session-store.ts';

/** Ended sessions in memory: what the table holds after the same writes. */
export const sessionsInMemory = () => {
  const records = new Map<string, SessionRecord>();
  const store: Pick<SessionStore, 'put' | 'find' | 'all'> = {
    put: async (next) => {
      if ((records.get(next.sessionId)?.rev ?? 0) >= next.rev) return false;
      records.set(next.sessionId, next);
      return true;
    },
    find: async (sessionId) => records.get(sessionId),
    all: async ({ by, value, fromAt, toAt }) =>
      [...records.values()].filter((record) => {
        const key = { station: record.stationId, site: record.siteId, tag: record.tag }[by];
        return key === value && record.startedAt >= fromAt && record.startedAt < toAt;
      }),
  };
  return { store, records };
};
