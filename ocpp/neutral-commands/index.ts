import type { NeutralCommand } from '../neutral-command.ts';
import { cancelReservation } from './cancel-reservation.ts';
import { changeAvailability } from './change-availability.ts';
import { clearCache } from './clear-cache.ts';
import { dataTransfer } from './data-transfer.ts';
import { getConfiguration } from './get-configuration.ts';
import { getLog } from './get-log.ts';
import { remoteStart } from './remote-start.ts';
import { remoteStop } from './remote-stop.ts';
import { reserveNow } from './reserve-now.ts';
import { reset } from './reset.ts';
import { sendLocalList } from './send-local-list.ts';
import { setConfiguration } from './set-configuration.ts';
import { triggerMessage } from './trigger-message.ts';
import { unlock } from './unlock.ts';
import { updateFirmware } from './update-firmware.ts';

/** What may be asked of any station in the same terms. One file per command, one line here, one mutation in the schema. */
export const neutralCommands: readonly NeutralCommand[] = [
  cancelReservation,
  changeAvailability,
  clearCache,
  dataTransfer,
  getConfiguration,
  getLog,
  remoteStart,
  remoteStop,
  reserveNow,
  reset,
  sendLocalList,
  setConfiguration,
  triggerMessage,
  unlock,
  updateFirmware,
];
