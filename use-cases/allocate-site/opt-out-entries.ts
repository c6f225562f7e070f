import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { OptOutSet } from '../../domain/site/site-signal.ts';
import type { ReadRecord } from './site-record-of.ts';

const entryOf = ({ stationId, evseId, optedOut, by, reason, at }: OptOutSet): TimelineEntry => ({
  subject: stationId,
  id: `opt-out.${evseId}.${at.toString(36)}`,
  at,
  kind: 'note',
  title: optedOut
    ? `Driver at EVSE ${evseId} left flexible charging`
    : `Driver at EVSE ${evseId} joined flexible charging`,
  detail: { evseId, optedOut, by, ...omitUndefined({ reason }) },
});

/** What is kept of drivers who left flexible charging or joined it again: who said so, when and why. */
export const optOutEntries = (records: readonly ReadRecord[]): readonly TimelineEntry[] =>
  records.flatMap(({ event }) =>
    event?.type === 'signalled' && event.signal.type === 'OptOutSet' ? [entryOf(event.signal)] : [],
  );
