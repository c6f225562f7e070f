import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NotFound: it is not there, which is what was wanted. */
export const deleteCertificate: Command = {
  name: 'DeleteCertificate',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted', 'NotFound'], rejected: ['Failed'] }),
};
