/** Configuration keys a 1.6 station starts with. */
export const variablesV16 = (connectors: number, sampleSec: number): Map<string, string> =>
  new Map([
    ['AuthorizeRemoteTxRequests', 'false'],
    ['ChargeProfileMaxStackLevel', '20'],
    ['ChargingScheduleAllowedChargingRateUnit', 'Current,Power'],
    ['ChargingScheduleMaxPeriods', '48'],
    ['ConnectionTimeOut', '60'],
    ['HeartbeatInterval', '540'],
    ['LocalAuthorizeOffline', 'true'],
    ['MaxChargingProfilesInstalled', '20'],
    ['MeterValueSampleInterval', String(sampleSec)],
    ['NumberOfConnectors', String(connectors)],
    ['StopTransactionOnInvalidId', 'true'],
    ['SupportedFeatureProfiles', 'Core,FirmwareManagement,RemoteTrigger,Reservation,SmartCharging'],
    ['TransactionMessageAttempts', '5'],
    ['WebSocketPingInterval', '120'],
  ]);
