import type { Fact } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PendingChange } from '../kernel/transition.ts';

const MOST_CHARACTERS = 4000;
const SHOWN_CHARACTERS = 1000;

/** A detail that fits a timeline and an outbox: what is longer shows its beginning. The archive has it whole. */
const shortened = (value: unknown): unknown => {
  const json = JSON.stringify(value);
  if (json === undefined || json.length <= MOST_CHARACTERS) return value;
  const text = typeof value === 'string' ? value : json;
  return { characters: text.length, beginning: text.slice(0, SHOWN_CHARACTERS).toWellFormed() };
};

/**
 * Anything else worth a line on the timeline. Its id is its content (message and instant): a message that comes twice is
 * recorded once.
 */
export const stationEvent = (stationId: string, fact: Fact, ordinal: number, topic: string): PendingChange => {
  const { type: _, at, receivedAt, messageId, clock: __, ...detail } = fact;
  const { evseId, connectorId } = { evseId: undefined, connectorId: undefined, ...fact };
  const place = omitUndefined({ evseId, connectorId });
  return {
    id: `${stationId}.${messageId}.${at.toString(36)}.${ordinal}`,
    type: 'StationEventRecorded',
    at,
    receivedAt,
    ...place,
    topic,
    detail: Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, shortened(value)])),
  };
};
