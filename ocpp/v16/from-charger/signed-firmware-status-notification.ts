import { firmwareStatus } from '../../shared/from-charger/firmware-status.ts';

export const signedFirmwareStatusNotification = firmwareStatus('SignedFirmwareStatusNotification');
