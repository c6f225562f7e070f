import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** AcceptedCanceled: accepted, and an update that was under way was cancelled for it. */
export const updateFirmware: Command = {
  name: 'UpdateFirmware',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  needsConfirmation: () => true,
  outcome: byStatus({
    accepted: ['Accepted', 'AcceptedCanceled'],
    rejected: ['Rejected', 'InvalidCertificate', 'RevokedCertificate'],
  }),
};
