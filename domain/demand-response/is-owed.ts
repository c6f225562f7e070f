import { endFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

/**
 * Whether a station is to be sent something: its cap, if it was sent another or none; or that the event is over, before its
 * profile says so.
 */
export const isOwed = (plan: ZonePlan, station: PlannedStation): boolean => {
  const { sent, capW } = station;
  const endAt = endFor(plan, station);
  if (endAt === undefined || endAt <= plan.decidedAt) return sent !== undefined && sent.endAt > plan.decidedAt;
  return sent === undefined || sent.capW !== capW || sent.endAt !== endAt;
};
