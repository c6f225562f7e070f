import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NoFirmware: it is not published, which is what was wanted. DownloadOngoing: it cannot be withdrawn now. */
export const unpublishFirmware: Command = {
  name: 'UnpublishFirmware',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Unpublished', 'NoFirmware'], rejected: ['DownloadOngoing'] }),
};
