import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** A message with the same id replaces the one before. */
export const setDisplayMessage: Command = {
  name: 'SetDisplayMessage',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Rejected', 'UnknownTransaction'],
    notSupported: ['NotSupportedMessageFormat', 'NotSupportedPriority', 'NotSupportedState', 'LanguageNotSupported'],
  }),
};
