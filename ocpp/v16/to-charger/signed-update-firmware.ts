import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Firmware with a certificate and a signature (security white paper). */
export const signedUpdateFirmware: Command = {
  name: 'SignedUpdateFirmware',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  needsConfirmation: () => true,
  outcome: byStatus({
    accepted: ['Accepted', 'AcceptedCanceled'],
    rejected: ['Rejected', 'InvalidCertificate', 'RevokedCertificate'],
  }),
};
