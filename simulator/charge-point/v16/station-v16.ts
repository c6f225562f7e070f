import type { MakeStationVersion } from '../station-version.ts';
import { commandsV16 } from './commands-v16.ts';
import { diagnosticsStatusV16, firmwareStatusV16, logStatusV16 } from './maintenance-v16.ts';
import { v16 } from './v16.ts';
import { variablesV16 } from './variables-v16.ts';

/** An OCPP 1.6 station. */
export const stationV16: MakeStationVersion = (connectors, sampleSec) => {
  const hasAlternating = connectors.some(({ alternating }) => alternating);
  return {
    dialect: v16,
    commands: commandsV16,
    variables: variablesV16(connectors.length, sampleSec, hasAlternating),
    sampleMs: ({ number }) => 1000 * (number('MeterValueSampleInterval') || Infinity),
    profileRules: ({ number }) => ({
      ocpp: '1.6',
      maxStackLevel: number('ChargeProfileMaxStackLevel'),
      maxPeriods: number('ChargingScheduleMaxPeriods'),
      maxInstalled: number('MaxChargingProfilesInstalled'),
      units: hasAlternating ? ['A', 'W'] : ['W'],
      switchesPhases: false,
    }),
    localStatus: ({ find }, list, tag) => {
      const allowsUnknown = list.size() === 0 || find({ name: 'AllowOfflineTxForUnknownId' })?.value === 'true';
      return list.statusOf(tag) ?? (allowsUnknown ? undefined : 'Invalid');
    },
    statusOf: (maintenance, tell) => ({
      DiagnosticsStatusNotification: () => tell(diagnosticsStatusV16(maintenance.logStatus())),
      FirmwareStatusNotification: () => tell(firmwareStatusV16(maintenance.firmwareStatus())),
      LogStatusNotification: () => tell(logStatusV16(maintenance.logStatus())),
    }),
  };
};
