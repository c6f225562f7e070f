import { durationText } from '../quantity-text.ts';
import type { ConnectorRule } from '../rule.ts';

/** Accepted means understood, not done: a connector that was to go out of service may still be giving energy. */
export const availabilityUnchanged: ConnectorRule = {
  name: 'availability-unchanged',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a station agreed to take a connector into or out of service, no session is running, and its status still does not show it after the deadline; clears when it does, or when a newer command settles it.',
  check: ({ pendingAvailability: pending, session, statusAt }, { now, thresholds, holding }) => {
    if (pending === undefined) return undefined;
    // It was to wait for the end of the session: the deadline runs from the last change after that.
    const since = Math.max(pending.agreedAt, statusAt);
    // Once told it stays: another status, or a car that comes, is not what the station agreed to.
    if (!holding && (session !== undefined || now < since + thresholds.availabilityDeadlineMs)) return undefined;
    return {
      since,
      summary: `Not ${pending.operative ? 'in' : 'out of'} service ${durationText(now - pending.agreedAt)} after the station agreed`,
      detail: {
        commandId: pending.commandId,
        operative: pending.operative,
        agreedAt: new Date(pending.agreedAt).toISOString(),
      },
    };
  },
};
