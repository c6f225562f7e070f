import type { Variable } from '../device-model.ts';

const fixed = (name: string, dataType: Variable['dataType'], value: string): Variable => ({
  name,
  dataType,
  value,
  access: 'ReadOnly',
});
const set = (name: string, dataType: Variable['dataType'], value: string, rest: Partial<Variable> = {}): Variable => ({
  name,
  dataType,
  value,
  access: 'ReadWrite',
  ...rest,
});

const measurands =
  'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Power.Offered,SoC,Temperature';

/** The configuration keys of a 1.6 station. */
export const variablesV16 = (connectors: number, sampleSec: number, hasAlternating: boolean): Variable[] => [
  set('AllowOfflineTxForUnknownId', 'boolean', 'true'),
  set('AuthorizationCacheEnabled', 'boolean', 'false'),
  set('AuthorizeRemoteTxRequests', 'boolean', 'false'),
  set('BlinkRepeat', 'integer', '3', { range: [0, 100] }),
  fixed('ChargeProfileMaxStackLevel', 'integer', '20'),
  fixed('ChargingScheduleAllowedChargingRateUnit', 'MemberList', hasAlternating ? 'Current,Power' : 'Power'),
  fixed('ChargingScheduleMaxPeriods', 'integer', '48'),
  set('ClockAlignedDataInterval', 'integer', '0', { range: [0, 86_400], unit: 's' }),
  set('ConnectionTimeOut', 'integer', '60', { range: [0, 3_600], unit: 's' }),
  fixed('ConnectorPhaseRotation', 'string', '0.RST'),
  fixed('ConnectorSwitch3to1PhaseSupported', 'boolean', 'false'),
  fixed('GetConfigurationMaxKeys', 'integer', '60'),
  set('HeartbeatInterval', 'integer', '540', { range: [1, 86_400], unit: 's' }),
  set('LocalAuthListEnabled', 'boolean', 'true'),
  fixed('LocalAuthListMaxLength', 'integer', '500'),
  set('LocalAuthorizeOffline', 'boolean', 'true'),
  set('LocalPreAuthorize', 'boolean', 'false'),
  fixed('MaxChargingProfilesInstalled', 'integer', '20'),
  set('MeterValueSampleInterval', 'integer', String(sampleSec), { range: [0, 86_400], unit: 's' }),
  set('MeterValuesAlignedData', 'MemberList', '', { words: measurands.split(',') }),
  set('MeterValuesSampledData', 'MemberList', measurands, { words: measurands.split(',') }),
  fixed('NumberOfConnectors', 'integer', String(connectors)),
  fixed('ReserveConnectorZeroSupported', 'boolean', 'true'),
  set('ResetRetries', 'integer', '3', { range: [0, 10] }),
  set('SecurityProfile', 'integer', '1', { range: [1, 3], needsReboot: true }),
  fixed('SendLocalListMaxLength', 'integer', '500'),
  set('StopTransactionOnEVSideDisconnect', 'boolean', 'true'),
  set('StopTransactionOnInvalidId', 'boolean', 'true'),
  set('StopTxnAlignedData', 'MemberList', '', { words: measurands.split(',') }),
  set('StopTxnSampledData', 'MemberList', '', { words: measurands.split(',') }),
  fixed(
    'SupportedFeatureProfiles',
    'MemberList',
    'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
  ),
  set('TransactionMessageAttempts', 'integer', '5', { range: [0, 100] }),
  set('TransactionMessageRetryInterval', 'integer', '3', { range: [1, 3_600], unit: 's' }),
  set('UnlockConnectorOnEVSideDisconnect', 'boolean', 'true'),
  set('WebSocketPingInterval', 'integer', '120', { range: [0, 3_600], unit: 's', needsReboot: true }),
  { ...set('AuthorizationKey', 'string', ''), access: 'WriteOnly' },
];
