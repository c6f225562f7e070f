import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';
import { type Payload, textAt } from '../../payload.ts';

/** A charger that took a change refuses it when it comes again: its list has that version by now. */
const isChange = (request: Payload): boolean => textAt(request, 'updateType') === 'Differential';

/** VersionMismatch: a change whose version is not above that of the charger's list. */
export const sendLocalList: Command = {
  name: 'SendLocalList',
  kind: 'idempotent',
  isOnce: isChange,
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Failed', 'VersionMismatch'],
    notSupported: ['NotSupported'],
  }),
};
