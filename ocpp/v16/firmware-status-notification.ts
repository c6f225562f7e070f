import { firmwareStatus } from '../firmware-status.ts';

export const firmwareStatusNotification = firmwareStatus('FirmwareStatusNotification');
