import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Feature, ReportedCapabilities } from '../../domain/kernel/reported-capabilities.ts';
import { listAt, type Payload, textAt } from '../payload.ts';
import {
  allTold,
  connectorCount,
  feature,
  figure,
  flag,
  isSame,
  keysPerMessage,
  type Read,
  rateUnits,
  words,
} from '../shared/capability-readers.ts';

/** Feature profiles of 1.6 (its section 9.1.24): what is not listed is not there. */
const profiles16: Readonly<Record<string, Feature>> = {
  FirmwareManagement: 'FirmwareManagement',
  LocalAuthListManagement: 'LocalAuthList',
  Reservation: 'Reservation',
  SmartCharging: 'SmartCharging',
  RemoteTrigger: 'RemoteTrigger',
};

const supportedProfiles: Read = ({ value }) => {
  const listed = words(value);
  if (listed.length === 0) return undefined;
  return {
    available: Object.fromEntries(
      Object.entries(profiles16).map(([profile, name]) => [
        name,
        listed.some((word) => word.toLowerCase() === profile.toLowerCase()),
      ]),
    ),
  };
};

/** Configuration keys of 1.6 that tell what a station can do. */
const keys16: Readonly<Record<string, Read>> = {
  ChargeProfileMaxStackLevel: figure('maxStackLevel'),
  ChargingScheduleAllowedChargingRateUnit: rateUnits,
  ChargingScheduleMaxPeriods: figure('maxPeriods'),
  ConnectorSwitch3to1PhaseSupported: flag('reducesPhases'),
  GetConfigurationMaxKeys: keysPerMessage,
  LocalAuthListEnabled: feature('enabled', 'LocalAuthList'),
  LocalAuthListMaxLength: figure('maxLocalTags'),
  MaxChargingProfilesInstalled: figure('maxProfiles'),
  NumberOfConnectors: connectorCount,
  ReserveConnectorZeroSupported: flag('reservesAny'),
  SendLocalListMaxLength: figure('maxLocalTagsPerMessage'),
  SupportedFeatureProfiles: supportedProfiles,
};

/** What GetConfiguration asks a 1.6 station for. */
export const capabilityKeys: readonly string[] = Object.keys(keys16);

/** What the answer to a GetConfiguration (1.6) tells. */
export const toldByConfiguration = (reply: Payload): ReportedCapabilities =>
  allTold(
    listAt(reply, 'configurationKey').map((entry) => {
      const [name, value] = [textAt(entry, 'key'), textAt(entry, 'value')];
      const read = Object.entries(keys16).find(([key]) => isSame(key, name))?.[1];
      return name === undefined ? undefined : read?.({ name, ...omitUndefined({ value }) });
    }),
  );
