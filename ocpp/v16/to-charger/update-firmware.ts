import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** The reply is empty: how it goes is told by FirmwareStatusNotification. */
export const updateFirmware: Command = {
  name: 'UpdateFirmware',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  needsConfirmation: () => true,
  outcome: byArrival,
};
