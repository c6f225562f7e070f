import type { Commands } from './commands/answer-command.ts';
import type { DeviceModel, Variable } from './device-model.ts';
import type { CallRequest, Dialect } from './dialect.ts';
import type { LocalList } from './local-list.ts';
import type { Maintenance } from './maintenance.ts';
import type { SimulatedConnector } from './simulated-connector.ts';
import type { ProfileRules } from './smart-charging/profile-refusal.ts';

/** What makes a station one of its version of OCPP. */
export type StationVersion = {
  readonly dialect: Dialect;
  readonly commands: Commands;
  readonly variables: readonly Variable[];
  /** How often the meter is read during a transaction, as the station is configured; never when it is switched off. */
  readonly sampleMs: (variables: DeviceModel) => number;
  readonly profileRules: (variables: DeviceModel) => Omit<ProfileRules, 'stationMaximum'>;
  /** What the station itself says of a tag while its CSMS cannot be asked; undefined where it says nothing. */
  readonly localStatus: (variables: DeviceModel, list: LocalList, tag: string) => string | undefined;
  /** What tells how firmware and logs stand, by the message that is asked for. */
  readonly statusOf: (
    maintenance: Maintenance,
    tell: (request: CallRequest) => void,
  ) => Readonly<Record<string, () => void>>;
};

/** A version's station with these connectors, which reads its meters so often. */
export type MakeStationVersion = (connectors: readonly SimulatedConnector[], sampleSec: number) => StationVersion;
