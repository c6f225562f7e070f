import type { Minute } from '../kernel/minute.ts';
import type { Window } from './window.ts';

const MINUTE_MS = 60_000;

/** The times of a session as its connector's item remembers them; `endedAt` is absent while it is open. */
export type SessionSpan = { readonly sessionId: string; readonly startedAt: number; readonly endedAt?: number };

const hash = (text: string): number => {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return value;
};

/**
 * Where the row of a minute starts. Two sessions may share a minute of a connector: each has its own row there, which
 * starts when the session does. A session without length that the meter counted nevertheless gets a moment of its own
 * within its minute, because another may start at the very same instant.
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

const present = (name: string, value: number | undefined): Readonly<Record<string, number>> =>
  value === undefined ? {} : { [name]: value };

/** A row of connector_1m read back as the minute it was made of. */
export const minuteOfRow = ({ startAt, measures, labels }: Window): Minute => ({
  startAt: rowMinute(startAt),
  energyWh: measures.energyWh ?? 0,
  samples: measures.samples ?? 0,
  ...present('maxW', measures.maxW),
  ...present('minW', measures.minW),
  ...present('socPercent', measures.socPercent),
  ...present('limitW', measures.limitW),
  ...present('registerWh', measures.registerWh),
  ...present('registerAt', measures.registerAt),
  ...(labels.sessionId === undefined ? {} : { sessionId: labels.sessionId }),
});
