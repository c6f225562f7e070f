import { outletOf } from '../power-supply.ts';
import type { MakeStationVersion } from '../station-version.ts';
import { commandsV201 } from './commands-v201.ts';
import { firmwareStatusV201, logStatusV201 } from './maintenance-v201.ts';
import { v201 } from './v201.ts';
import { variablesV201 } from './variables-v201.ts';

/** An OCPP 2.0.1 station. */
export const stationV201: MakeStationVersion = (connectors, sampleSec) => {
  const hasAlternating = connectors.some(({ alternating }) => alternating);
  return {
    dialect: v201,
    commands: commandsV201,
    variables: variablesV201(connectors.map(outletOf), sampleSec, hasAlternating),
    sampleMs: ({ number }) => 1000 * (number('SampledDataCtrlr.TxUpdatedInterval') || Infinity),
    profileRules: ({ number }) => ({
      ocpp: '2.0.1',
      maxStackLevel: number('SmartChargingCtrlr.ProfileStackLevel'),
      maxPeriods: number('SmartChargingCtrlr.PeriodsPerSchedule'),
      maxInstalled: 20,
      units: hasAlternating ? ['A', 'W'] : ['W'],
      switchesPhases: hasAlternating,
    }),
    localStatus: ({ find }, list, tag) => {
      const allowsUnknown =
        list.size() === 0 || find({ name: 'AuthCtrlr.OfflineTxForUnknownIdEnabled' })?.value === 'true';
      return list.statusOf(tag) ?? (allowsUnknown ? undefined : 'Unknown');
    },
    statusOf: (maintenance, tell) => ({
      FirmwareStatusNotification: () => tell(firmwareStatusV201(maintenance.firmwareStatus())),
      LogStatusNotification: () => tell(logStatusV201(maintenance.logStatus())),
    }),
  };
};
