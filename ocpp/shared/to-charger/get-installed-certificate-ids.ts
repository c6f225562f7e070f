import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NotFound: there is none of the kind asked for. */
export const getInstalledCertificateIds: Command = {
  name: 'GetInstalledCertificateIds',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted', 'NotFound'] }),
};
