import { isSameTransaction, isToldAgain, sessionOf, underSessionId } from '../../domain/history/is-told-again.ts';
import { DAY_MS, LATE_AFTER_MS, LONGEST_SESSION_MS } from '../../domain/kernel/durations.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import type { SessionAmended, SessionEnded, StateChange } from '../../domain/kernel/state-change.ts';
import type { SessionStore } from '../ports/session-store.ts';

export type WrittenOutbox = {
  readonly stationId: string;
  readonly rev: number;
  readonly outbox: readonly StateChange[];
};
type Sessions = Pick<SessionStore, 'find' | 'all'>;

/** Longest session looked for when a record without a known start comes in. */
const LOOK_BACK_MS = 2 * DAY_MS;

const isEnd = (change: StateChange): change is SessionEnded | SessionAmended =>
  change.type === 'SessionEnded' || change.type === 'SessionAmended';

/**
 * Takes out of outboxes, in the order of their writes, what they tell again about sessions that are on record: the
 * session, its minutes and its lines. A better record of a transaction that is stored under another id takes that id, and so
 * do its minutes and lines.
 */
export const withoutRepeats = (sessions: Sessions) => {
  /** Decided in this batch, not stored yet; newest first. */
  const decided: EndedSession[] = [];

  const storedOf = async (next: EndedSession): Promise<EndedSession | undefined> => {
    const inBatch = decided.find((other) => isSameTransaction(next, other));
    if (inBatch) return inBatch;
    const known = await sessions.find(next.sessionId);
    if (known || !next.flags.some((flag) => flag === 'lateArrival' || flag === 'orphan')) return known;
    const near = await sessions.all({
      by: 'station',
      value: next.stationId,
      fromAt: Math.max(next.startedAt, next.endedAt - LONGEST_SESSION_MS) - LOOK_BACK_MS,
      toAt: next.endedAt + 1,
    });
    return near.find((other) => isSameTransaction(next, other));
  };

  /** A session on record that begins again. */
  const isBegunAgain = async (change: StateChange, rev: number): Promise<boolean> => {
    if (change.type !== 'SessionBegan' || change.receivedAt - change.at < LATE_AFTER_MS) return false;
    const stored =
      decided.find(({ sessionId }) => sessionId === change.sessionId) ?? (await sessions.find(change.sessionId));
    return stored !== undefined && stored.rev < rev && !stored.flags.includes('inferredStop');
  };

  return async <T extends WrittenOutbox>(item: T): Promise<T> => {
    const repeated = new Set<string>();
    const begunAgain = new Set<StateChange>();
    const idsOnRecord = new Map<string, string>();
    for (const change of item.outbox) {
      if (await isBegunAgain(change, item.rev)) begunAgain.add(change);
      if (!isEnd(change)) continue;
      const next = { ...change.session, rev: item.rev };
      const stored = await storedOf(next);
      if (stored && isToldAgain(next, stored, change.type === 'SessionAmended')) {
        repeated.add(next.sessionId);
        continue;
      }
      repeated.delete(next.sessionId);
      const session = stored ? { ...next, sessionId: stored.sessionId } : next;
      if (session.sessionId !== next.sessionId) idsOnRecord.set(next.sessionId, session.sessionId);
      decided.unshift(session);
    }
    if (repeated.size + begunAgain.size + idsOnRecord.size === 0) return item;
    const outbox = item.outbox
      .filter((change) => !begunAgain.has(change) && !repeated.has(sessionOf(change) ?? ''))
      .map((change) => {
        const sessionId = idsOnRecord.get(sessionOf(change) ?? '');
        return sessionId === undefined ? change : underSessionId(change, sessionId);
      });
    return { ...item, outbox };
  };
};
