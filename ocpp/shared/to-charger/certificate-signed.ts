import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Brings the certificate the charger asked for with SignCertificate. */
export const certificateSigned: Command = {
  name: 'CertificateSigned',
  kind: 'one-shot',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
