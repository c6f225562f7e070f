import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Unlocked is this command's word for Accepted. */
export const unlockConnector: Command = {
  name: 'UnlockConnector',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Unlocked'],
    rejected: ['UnlockFailed', 'OngoingAuthorizedTransaction', 'UnknownConnector'],
    notSupported: ['NotSupported'],
  }),
};
