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
  if (span === undefined || span.startedAt < minute.startAt || span.startedAt >= minute.startAt + MINUTE_MS) {
    return minute.startAt;
  }
  if (span.endedAt !== span.startedAt) return span.startedAt;
  const room = minute.startAt + MINUTE_MS - 1 - span.startedAt;
  return span.startedAt + (room > 0 ? 1 + (hash(span.sessionId) % Math.min(room, 997)) : 0);
};

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
