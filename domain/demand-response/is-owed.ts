import { isReturnLost } from './sent-cap.ts';
import { endFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

/**
 * Whether a station is to be sent something: its cap, if it was sent another or none; or that the event is over, before its
 * profile says so, until that got through.
 */
export const isOwed = (plan: ZonePlan, station: PlannedStation): boolean => {
  const { sent, capW } = station;
  const endAt = endFor(plan, station);
  const at = plan.decidedAt;
  if (endAt === undefined || endAt <= at) return sent !== undefined && (sent.endAt > at || isReturnLost(sent, at));
  return sent === undefined || sent.capW !== capW || sent.endAt !== endAt;
};
