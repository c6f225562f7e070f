import { LONGEST_GAP_MS } from '../kernel/durations.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { plausibleWh } from '../session/register.ts';
import type { Connector } from './connector.ts';

/** A session of which only the stop is known. */
export type OrphanStop = RecentSession & ToldEnd;

const isSameTag = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

/**
 * Whether a start is the one of an orphan: an OCPP 1.6 charger that was offline stops with an id of its own (or none), and
 * the start may arrive after it. Time, tag and meters tell; without a tag both meters must. In OCPP 2.x ids tell.
 */
const isStartOf = (start: SessionStarted, orphan: RecentSession, ratedW: number): orphan is OrphanStop => {
  if (orphan.phase !== 'told' || !orphan.record.flags.includes('orphan')) return false;
  if (start.seqNo !== undefined || orphan.seqNo !== undefined || start.clock !== 'charger') return false;
  const { endedAt, meterStopWh, tag } = orphan.record;
  const durationMs = endedAt - start.at;
  if (durationMs < 0 || durationMs > LONGEST_GAP_MS) return false;
  if (tag !== undefined && !isSameTag(tag, start.tag)) return false;
  if (meterStopWh === undefined || start.meterStartWh === undefined) return tag !== undefined;
  const deliveredWh = meterStopWh - start.meterStartWh;
  return deliveredWh >= 0 && deliveredWh <= plausibleWh(ratedW, durationMs);
};

/** The orphan among ended sessions whose start this is, the first to end if several; none if another session began between. */
export const orphanOf = (
  { session, past, recent, place }: Connector,
  start: SessionStarted,
  ended: readonly RecentSession[],
): OrphanStop | undefined => {
  const [orphan] = ended
    .filter((other) => isStartOf(start, other, place.ratedW))
    .filter((other): other is OrphanStop => other.phase === 'told')
    .sort((a, b) => a.endedAt - b.endedAt);
  if (orphan === undefined) return undefined;
  const isBetween = [session, past, ...recent].some(
    (other) => other && other.startedAt > start.at && other.startedAt < orphan.endedAt,
  );
  return isBetween ? undefined : orphan;
};
