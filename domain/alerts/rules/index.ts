import type { ConnectorRule, NetworkRule, Rule, SiteRule, StationRule } from '../rule.ts';
import { availabilityUnchanged } from './availability-unchanged.ts';
import { clockSkew } from './clock-skew.ts';
import { commandFailed } from './command-failed.ts';
import { connectorFault } from './connector-fault.ts';
import { contractOverload } from './contract-overload.ts';
import { endlessSession } from './endless-session.ts';
import { fallbackActive } from './fallback-active.ts';
import { fleetAnomaly } from './fleet-anomaly.ts';
import { groundFault } from './ground-fault.ts';
import { highTemperature } from './high-temperature.ts';
import { idleOccupied } from './idle-occupied.ts';
import { lowPower } from './low-power.ts';
import { meterLost } from './meter-lost.ts';
import { meterSuspect } from './meter-suspect.ts';
import { parkedRecords } from './parked-records.ts';
import { responseShortfall } from './response-shortfall.ts';
import { setpointExceeded } from './setpoint-exceeded.ts';
import { silentStation } from './silent-station.ts';
import { siteOverDemand } from './site-over-demand.ts';
import { slowMessages } from './slow-messages.ts';
import { stalledSession } from './stalled-session.ts';
import { stationFault } from './station-fault.ts';
import { stationGroundFault } from './station-ground-fault.ts';
import { stationOffline } from './station-offline.ts';
import { subMeterMismatch } from './sub-meter-mismatch.ts';
import { tamper } from './tamper.ts';
import { unauthorizedSession } from './unauthorized-session.ts';
import { weakConnection } from './weak-connection.ts';

/** Every rule of the network: add a file, add a line. */
export const rules: readonly Rule[] = [
  connectorFault,
  groundFault,
  highTemperature,
  lowPower,
  stalledSession,
  endlessSession,
  meterSuspect,
  setpointExceeded,
  idleOccupied,
  availabilityUnchanged,
  slowMessages,
  stationFault,
  stationGroundFault,
  tamper,
  stationOffline,
  silentStation,
  weakConnection,
  subMeterMismatch,
  clockSkew,
  contractOverload,
  commandFailed,
  siteOverDemand,
  meterLost,
  fallbackActive,
  fleetAnomaly,
  parkedRecords,
  responseShortfall,
  unauthorizedSession,
];

export const connectorRules = rules.filter((rule): rule is ConnectorRule => rule.subject === 'connector');
export const stationRules = rules.filter((rule): rule is StationRule => rule.subject === 'station');
export const siteRules = rules.filter((rule): rule is SiteRule => rule.subject === 'site');
export const networkRules = rules.filter((rule): rule is NetworkRule => rule.subject === 'network');
