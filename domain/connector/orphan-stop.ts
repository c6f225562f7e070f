import { LONGEST_GAP_MS } from '../kernel/durations.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import { isSameTag } from '../kernel/is-same-tag.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { plausibleWh } from '../session/register.ts';
import type { Connector } from './connector.ts';

/** A session of which only the stop is known. */
export type OrphanStop = RecentSession & ToldEnd;

/** Whether only the stop of an ended session is known. */
export const isOrphanStop = (ended: RecentSession): ended is OrphanStop =>
  ended.phase === 'told' && ended.record.flags.includes('orphan');

/**
 * Whether a start is the one of an orphan. The same id tells. An OCPP 1.6 charger that was offline may also stop with an
 * id of its own (or none): then time, tag and meters tell, without a tag both meters.
 */
const isStartOf = (start: SessionStarted, orphan: OrphanStop, ratedW: number): boolean => {
  if (start.clock !== 'charger') return false;
  const { endedAt, meterStopWh, tag } = orphan.record;
  const durationMs = endedAt - start.at;
  if (durationMs < 0 || durationMs > LONGEST_GAP_MS) return false;
  if (start.transactionId === orphan.transactionId) return true;
  if (start.seqNo !== undefined || orphan.seqNo !== undefined) return false;
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
    .filter(isOrphanStop)
    .filter((other) => isStartOf(start, other, place.ratedW))
    .sort((a, b) => a.endedAt - b.endedAt);
  if (orphan === undefined) return undefined;
  const isBetween = [session, past, ...recent].some(
    (other) => other && other !== orphan && other.startedAt > start.at && other.startedAt < orphan.endedAt,
  );
  return isBetween ? undefined : orphan;
};
