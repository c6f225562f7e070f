import type { Command } from '../../command.ts';
import { cancelReservation } from './cancel-reservation.ts';
import { certificateSigned } from './certificate-signed.ts';
import { changeAvailability } from './change-availability.ts';
import { clearCache } from './clear-cache.ts';
import { clearChargingProfile } from './clear-charging-profile.ts';
import { clearDisplayMessage } from './clear-display-message.ts';
import { clearVariableMonitoring } from './clear-variable-monitoring.ts';
import { costUpdated } from './cost-updated.ts';
import { customerInformation } from './customer-information.ts';
import { dataTransfer } from './data-transfer.ts';
import { deleteCertificate } from './delete-certificate.ts';
import { getBaseReport } from './get-base-report.ts';
import { getChargingProfiles } from './get-charging-profiles.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { getDisplayMessages } from './get-display-messages.ts';
import { getInstalledCertificateIds } from './get-installed-certificate-ids.ts';
import { getLocalListVersion } from './get-local-list-version.ts';
import { getLog } from './get-log.ts';
import { getMonitoringReport } from './get-monitoring-report.ts';
import { getReport } from './get-report.ts';
import { getTransactionStatus } from './get-transaction-status.ts';
import { getVariables } from './get-variables.ts';
import { installCertificate } from './install-certificate.ts';
import { publishFirmware } from './publish-firmware.ts';
import { requestStartTransaction } from './request-start-transaction.ts';
import { requestStopTransaction } from './request-stop-transaction.ts';
import { reserveNow } from './reserve-now.ts';
import { reset } from './reset.ts';
import { sendLocalList } from './send-local-list.ts';
import { setChargingProfile } from './set-charging-profile.ts';
import { setDisplayMessage } from './set-display-message.ts';
import { setMonitoringBase } from './set-monitoring-base.ts';
import { setMonitoringLevel } from './set-monitoring-level.ts';
import { setNetworkProfile } from './set-network-profile.ts';
import { setVariableMonitoring } from './set-variable-monitoring.ts';
import { setVariables } from './set-variables.ts';
import { triggerMessage } from './trigger-message.ts';
import { unlockConnector } from './unlock-connector.ts';
import { unpublishFirmware } from './unpublish-firmware.ts';
import { updateFirmware } from './update-firmware.ts';

/** What we may ask of a 2.0.1 charger. One file per command, one line here. */
export const commands201: readonly Command[] = [
  cancelReservation,
  certificateSigned,
  changeAvailability,
  clearCache,
  clearChargingProfile,
  clearDisplayMessage,
  clearVariableMonitoring,
  costUpdated,
  customerInformation,
  dataTransfer,
  deleteCertificate,
  getBaseReport,
  getChargingProfiles,
  getCompositeSchedule,
  getDisplayMessages,
  getInstalledCertificateIds,
  getLocalListVersion,
  getLog,
  getMonitoringReport,
  getReport,
  getTransactionStatus,
  getVariables,
  installCertificate,
  publishFirmware,
  requestStartTransaction,
  requestStopTransaction,
  reserveNow,
  reset,
  sendLocalList,
  setChargingProfile,
  setDisplayMessage,
  setMonitoringBase,
  setMonitoringLevel,
  setNetworkProfile,
  setVariableMonitoring,
  setVariables,
  triggerMessage,
  unlockConnector,
  unpublishFirmware,
  updateFirmware,
];
