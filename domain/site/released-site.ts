import { limitOf, unansweredLimits } from './session-limits.ts';
import type { SiteSession, SiteState } from './site-state.ts';

const released = (session: SiteSession, now: number): SiteSession => {
  const { accepted, inFlight, unanswered: _, ...others } = session;
  const asked = [accepted, ...unansweredLimits(session, now), inFlight].filter((limit) => limit !== undefined);
  return asked.length === 0 ? others : { ...others, unanswered: asked.map(limitOf) };
};

/**
 * A site whose stations are told to drop our profiles, at `now`, ms. Each setpoint may hold until it ends, or a later one is
 * accepted: a station may not do as it is told, and the site may be controlled again.
 */
export const releasedSite = (state: SiteState, now: number): SiteState => ({
  ...state,
  sessions: state.sessions.map((session) => released(session, now)),
});
