import type { Action } from '../../action.ts';
import { authorize } from './authorize.ts';
import { bootNotification } from './boot-notification.ts';
import { clearedChargingLimit } from './cleared-charging-limit.ts';
import { dataTransfer } from './data-transfer.ts';
import { firmwareStatusNotification } from './firmware-status-notification.ts';
import { getCertificateStatus } from './get-certificate-status.ts';
import { get15118EVCertificate } from './get15118-ev-certificate.ts';
import { heartbeat } from './heartbeat.ts';
import { logStatusNotification } from './log-status-notification.ts';
import { meterValues } from './meter-values.ts';
import { notifyChargingLimit } from './notify-charging-limit.ts';
import { notifyCustomerInformation } from './notify-customer-information.ts';
import { notifyDisplayMessages } from './notify-display-messages.ts';
import { notifyEVChargingNeeds } from './notify-ev-charging-needs.ts';
import { notifyEVChargingSchedule } from './notify-ev-charging-schedule.ts';
import { notifyEvent } from './notify-event.ts';
import { notifyMonitoringReport } from './notify-monitoring-report.ts';
import { notifyReport } from './notify-report.ts';
import { publishFirmwareStatusNotification } from './publish-firmware-status-notification.ts';
import { reportChargingProfiles } from './report-charging-profiles.ts';
import { reservationStatusUpdate } from './reservation-status-update.ts';
import { securityEventNotification } from './security-event-notification.ts';
import { signCertificate } from './sign-certificate.ts';
import { statusNotification } from './status-notification.ts';
import { transactionEvent } from './transaction-event.ts';

/** What a 2.0.1 charger may ask. One file per action, one line here. */
export const actions201: readonly Action[] = [
  authorize,
  bootNotification,
  clearedChargingLimit,
  dataTransfer,
  firmwareStatusNotification,
  get15118EVCertificate,
  getCertificateStatus,
  heartbeat,
  logStatusNotification,
  meterValues,
  notifyChargingLimit,
  notifyCustomerInformation,
  notifyDisplayMessages,
  notifyEVChargingNeeds,
  notifyEVChargingSchedule,
  notifyEvent,
  notifyMonitoringReport,
  notifyReport,
  publishFirmwareStatusNotification,
  reportChargingProfiles,
  reservationStatusUpdate,
  securityEventNotification,
  signCertificate,
  statusNotification,
  transactionEvent,
];
