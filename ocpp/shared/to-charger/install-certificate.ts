import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Adds a root certificate. */
export const installCertificate: Command = {
  name: 'InstallCertificate',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected', 'Failed'] }),
};
