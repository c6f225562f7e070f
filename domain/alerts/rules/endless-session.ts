import type { ConnectorRule } from '../rule.ts';

/** Told before and beside the watchdog, which closes sessions that stopped long ago: some really last that long. */
export const endlessSession: ConnectorRule = {
  name: 'endless-session',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about: 'Raised when a session has been open for longer than a day; clears when it ends.',
  check: ({ session }, { now, thresholds }) => {
    if (!session || now < session.startedAt + thresholds.longSessionMs) return undefined;
    return {
      since: session.startedAt + thresholds.longSessionMs,
      summary: 'Session has not ended',
      detail: { sessionId: session.sessionId, startedAt: new Date(session.startedAt).toISOString() },
    };
  },
};
