/** Device-model variables a 2.0.1 station starts with. */
export const variablesV201 = (sampleSec: number): Map<string, string> =>
  new Map([
    ['OCPPCommCtrlr.HeartbeatInterval', '540'],
    ['OCPPCommCtrlr.MessageAttempts', '5'],
    ['OCPPCommCtrlr.WebSocketPingInterval', '120'],
    ['SampledDataCtrlr.TxUpdatedInterval', String(sampleSec)],
    [
      'SampledDataCtrlr.TxUpdatedMeasurands',
      'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC',
    ],
    ['SmartChargingCtrlr.Entries', '20'],
    ['SmartChargingCtrlr.LimitChangeSignificance', '1'],
    ['SmartChargingCtrlr.PeriodsPerSchedule', '48'],
    ['SmartChargingCtrlr.ProfileStackLevel', '20'],
    ['SmartChargingCtrlr.RateUnit', 'W,A'],
    ['SmartChargingCtrlr.SmartChargingEnabled', 'true'],
    ['TxCtrlr.TxStartPoint', 'EVConnected'],
  ]);
