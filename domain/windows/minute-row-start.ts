import { MINUTE_MS } from '../kernel/durations.ts';
import type { Minute } from '../kernel/minute.ts';

/** The times of a session as its connector's item remembers them; `endedAt` is absent while it is open. */
export type SessionSpan = { readonly sessionId: string; readonly startedAt: number; readonly endedAt?: number };

/** FNV-1a, 32 bits: the same number for the same session id. */
const hash = (text: string): number => {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return value;
};

/**
 * The `startAt` of a row of series connector_1m. Two sessions may share a minute of a connector: each has its own row there,
 * which starts when the session does. A session that ended at the instant it started, yet has energy, gets a later instant of
 * the minute, computed from its id, because another session may start at the very same instant.
 */
export const minuteRowStart = (
  minute: Pick<Minute, 'startAt' | 'sessionId'>,
  spans: readonly SessionSpan[],
): number => {
  const span = spans.find(({ sessionId }) => sessionId === minute.sessionId);
  if (span === undefined || span.startedAt >= minute.startAt + MINUTE_MS) return minute.startAt;
  if (span.startedAt < minute.startAt)
    return isOverlapped(minute, span, spans) ? overlappingRowStart(minute) : minute.startAt;
  if (span.endedAt !== span.startedAt) return span.startedAt;
  return laterIn(minute.startAt, span.startedAt, span.sessionId);
};

/** Whether by the stamps an earlier session was going on in the minute too: a clock was set back in between. */
const isOverlapped = (
  { startAt }: Pick<Minute, 'startAt'>,
  { sessionId, startedAt }: SessionSpan,
  spans: readonly SessionSpan[],
): boolean =>
  spans.some(
    (other) =>
      other.sessionId !== sessionId &&
      other.startedAt < startedAt &&
      other.endedAt !== undefined &&
      other.endedAt > startAt,
  );

/** An instant after `at` within the minute, computed from the id of a session; `at` itself where the minute has no more. */
const laterIn = (minuteAt: number, at: number, sessionId: string): number => {
  const room = minuteAt + MINUTE_MS - 1 - at;
  return at + (room > 0 ? 1 + (hash(sessionId) % Math.min(room, 997)) : 0);
};

/** The `startAt` of a row whose place another session has taken, which was going on in the same minute by the stamps. */
export const overlappingRowStart = ({ startAt, sessionId = '' }: Pick<Minute, 'startAt' | 'sessionId'>): number =>
  laterIn(startAt, startAt, sessionId);

/** The minute a row of connector_1m stands for. */
export const rowMinute = (startAt: number): number => Math.floor(startAt / MINUTE_MS) * MINUTE_MS;

/** The stretches of time [fromAt, toAt) that the minutes of some rows make up. */
export const minuteStretches = (
  rowStarts: readonly number[],
): readonly { readonly fromAt: number; readonly toAt: number }[] => {
  const stretches: { fromAt: number; toAt: number }[] = [];
  for (const fromAt of [...new Set(rowStarts.map(rowMinute))].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last?.toAt === fromAt) last.toAt = fromAt + MINUTE_MS;
    else stretches.push({ fromAt, toAt: fromAt + MINUTE_MS });
  }
  return stretches;
};
