import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';
import { type Payload, textAt } from '../../payload.ts';

/** A reset that waits for nothing: Hard in 1.6, Immediate in 2.x. */
const isHard = (request: Payload): boolean => ['Hard', 'Immediate'].includes(textAt(request, 'type') ?? '');

/** Scheduled (2.x): done when no transaction runs any more. */
export const reset: Command = {
  name: 'Reset',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  needsConfirmation: isHard,
  outcome: byStatus({ accepted: ['Accepted', 'Scheduled'], rejected: ['Rejected'] }),
};
