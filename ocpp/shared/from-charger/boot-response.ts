import type { AnswerContext } from '../../action.ts';
import type { Payload } from '../../payload.ts';

const statuses = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const;

/** The answer to BootNotification, alike in every version. While not accepted, `interval` is when to try again. */
export const bootResponse = ({ admission, now, heartbeatIntervalSec }: AnswerContext): Payload => ({
  currentTime: new Date(now).toISOString(),
  interval: heartbeatIntervalSec,
  status: statuses[admission],
});
