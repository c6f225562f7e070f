import { firmwareStatus } from '../../shared/firmware-status.ts';

export const signedFirmwareStatusNotification = firmwareStatus('SignedFirmwareStatusNotification');
