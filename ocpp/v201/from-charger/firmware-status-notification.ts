import { firmwareStatus } from '../../shared/firmware-status.ts';

export const firmwareStatusNotification = firmwareStatus('FirmwareStatusNotification');
