import type { Variable } from '../device-model.ts';

const fixed = (
  name: string,
  dataType: Variable['dataType'],
  value: string,
  rest: Partial<Variable> = {},
): Variable => ({
  name,
  dataType,
  value,
  access: 'ReadOnly',
  ...rest,
});
const set = (name: string, dataType: Variable['dataType'], value: string, rest: Partial<Variable> = {}): Variable => ({
  ...fixed(name, dataType, value, rest),
  access: 'ReadWrite',
  ...rest,
});

const measurands = ['Energy.Active.Import.Register', 'Power.Active.Import', 'Current.Import', 'Voltage', 'SoC'];

/** An EVSE as the device model shows it. */
export type ModelledEvse = { readonly evseId: number; readonly ratedW: number; readonly phases: number };

const evseVariables = ({ evseId, ratedW, phases }: ModelledEvse): Variable[] => [
  fixed('EVSE.AvailabilityState', 'OptionList', 'Available', { evseId }),
  fixed('EVSE.Available', 'boolean', 'true', { evseId }),
  fixed('EVSE.Power', 'decimal', String(ratedW), { evseId, unit: 'W', range: [0, ratedW] }),
  fixed('EVSE.SupplyPhases', 'integer', String(phases), { evseId }),
];

/** The device model of a 2.0.1 station. */
export const variablesV201 = (
  evses: readonly ModelledEvse[],
  sampleSec: number,
  hasAlternating: boolean,
): Variable[] => [
  set('AlignedDataCtrlr.Interval', 'integer', '0', { range: [0, 86_400], unit: 's' }),
  set('AlignedDataCtrlr.Measurands', 'MemberList', '', { words: measurands }),
  set('AuthCtrlr.AuthorizeRemoteStart', 'boolean', 'false'),
  set('AuthCtrlr.LocalAuthorizeOffline', 'boolean', 'true'),
  set('AuthCtrlr.LocalPreAuthorize', 'boolean', 'false'),
  set('AuthCtrlr.OfflineTxForUnknownIdEnabled', 'boolean', 'true'),
  fixed('ChargingStation.SupplyPhases', 'integer', '3'),
  set('ClockCtrlr.TimeSource', 'SequenceList', 'Heartbeat', { words: ['Heartbeat', 'NTP'] }),
  fixed('DeviceDataCtrlr.BytesPerMessage', 'integer', '16384', { instance: 'GetReport' }),
  fixed('DeviceDataCtrlr.ItemsPerMessage', 'integer', '20', { instance: 'GetVariables' }),
  fixed('DeviceDataCtrlr.ItemsPerMessage', 'integer', '20', { instance: 'SetVariables' }),
  fixed('LocalAuthListCtrlr.BytesPerMessage', 'integer', '65536'),
  set('LocalAuthListCtrlr.Enabled', 'boolean', 'true'),
  fixed('LocalAuthListCtrlr.Entries', 'integer', '0', { range: [0, 500] }),
  fixed('LocalAuthListCtrlr.ItemsPerMessage', 'integer', '500'),
  fixed('OCPPCommCtrlr.FileTransferProtocols', 'MemberList', 'HTTPS,FTPS'),
  set('OCPPCommCtrlr.HeartbeatInterval', 'integer', '540', { range: [1, 86_400], unit: 's' }),
  set('OCPPCommCtrlr.MessageAttempts', 'integer', '5', { instance: 'TransactionEvent', range: [1, 100] }),
  set('OCPPCommCtrlr.MessageTimeout', 'integer', '30', { instance: 'Default', range: [1, 300], unit: 's' }),
  set('OCPPCommCtrlr.NetworkConfigurationPriority', 'SequenceList', '1', { needsReboot: true }),
  set('OCPPCommCtrlr.OfflineThreshold', 'integer', '60', { range: [0, 86_400], unit: 's' }),
  set('OCPPCommCtrlr.WebSocketPingInterval', 'integer', '120', { range: [0, 3_600], unit: 's', needsReboot: true }),
  fixed('ReservationCtrlr.Available', 'boolean', 'true'),
  set('ReservationCtrlr.Enabled', 'boolean', 'true'),
  fixed('ReservationCtrlr.NonEvseSpecific', 'boolean', 'true'),
  set('SampledDataCtrlr.TxUpdatedInterval', 'integer', String(sampleSec), { range: [0, 86_400], unit: 's' }),
  set('SampledDataCtrlr.TxUpdatedMeasurands', 'MemberList', measurands.join(','), { words: measurands }),
  { ...set('SecurityCtrlr.BasicAuthPassword', 'string', ''), access: 'WriteOnly' },
  fixed('SecurityCtrlr.CertificateEntries', 'integer', '0', { range: [0, 20] }),
  fixed('SecurityCtrlr.SecurityProfile', 'integer', '1'),
  fixed('SmartChargingCtrlr.ACPhaseSwitchingSupported', 'boolean', String(hasAlternating)),
  fixed('SmartChargingCtrlr.Available', 'boolean', 'true'),
  set('SmartChargingCtrlr.Enabled', 'boolean', 'true'),
  fixed('SmartChargingCtrlr.Entries', 'integer', '0', { instance: 'ChargingProfiles', range: [0, 20] }),
  set('SmartChargingCtrlr.LimitChangeSignificance', 'decimal', '1', { range: [0, 100], unit: 'Percent' }),
  fixed('SmartChargingCtrlr.PeriodsPerSchedule', 'integer', '48'),
  fixed('SmartChargingCtrlr.Phases3to1', 'boolean', 'false'),
  fixed('SmartChargingCtrlr.ProfileStackLevel', 'integer', '20'),
  fixed('SmartChargingCtrlr.RateUnit', 'MemberList', hasAlternating ? 'A,W' : 'W'),
  set('TxCtrlr.EVConnectionTimeOut', 'integer', '60', { range: [0, 3_600], unit: 's' }),
  set('TxCtrlr.StopTxOnEVSideDisconnect', 'boolean', 'true'),
  set('TxCtrlr.StopTxOnInvalidId', 'boolean', 'true'),
  fixed('TxCtrlr.TxStartPoint', 'MemberList', 'EVConnected'),
  fixed('TxCtrlr.TxStopPoint', 'MemberList', 'EVConnected'),
  ...evses.flatMap(evseVariables),
];
