import { firmwareStatus } from '../firmware-status.ts';

export const signedFirmwareStatusNotification = firmwareStatus('SignedFirmwareStatusNotification');
