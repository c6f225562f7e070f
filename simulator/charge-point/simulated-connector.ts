import type { Vehicle } from './cars/vehicle.ts';
import type { ChargingProfile } from './smart-charging/charging-profile.ts';
import type { Limit } from './smart-charging/outlet-limit.ts';

/** The nine states of OCPP 1.6; what 2.0.1 makes of them is its dialect's matter. */
export type ChargePointStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** Why a transaction ends, in the words of OCPP 1.6. */
export type StopReason =
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'EVDisconnected'
  | 'HardReset'
  | 'Local'
  | 'Other'
  | 'PowerLoss'
  | 'Reboot'
  | 'Remote'
  | 'SoftReset'
  | 'UnlockCommand';

/** One look at the meter. */
export type MeterSample = {
  readonly at: number;
  readonly registerWh: number;
  readonly powerW: number;
  readonly offeredW: number;
  readonly voltageV: number;
  readonly phases: 1 | 3;
  /** Of one phase: the conductor it is. */
  readonly phase: number;
  readonly alternating: boolean;
  /** Known to direct-current chargers only. */
  readonly socPercent?: number;
  readonly temperatureC: number;
};

export type Transaction = {
  /** 2.0.1: the station's own. 1.6: absent until the CSMS has answered StartTransaction. */
  transactionId?: string | number;
  readonly tag: string;
  readonly remoteStartId?: number;
  readonly startedAt: number;
  readonly meterStartWh: number;
  seqNo: number;
  /** What the CSMS has been told and has answered: energy of the transaction and the time of that sample. */
  knownWh: number;
  knownAt: number;
};

/** A connector of a simulated station, with the car at it. */
export type SimulatedConnector = {
  readonly evseId: number;
  readonly connectorId: number;
  readonly connectorType: string;
  readonly ratedW: number;
  readonly alternating: boolean;
  status: ChargePointStatus;
  /** When `status` began. */
  statusAt: number;
  errorCode: string;
  /** ChargePointStatus word of the last answered StatusNotification. */
  knownStatus?: string;
  /** Meter of the connector, Wh. Counts in fractions; what is reported is whole Wh. */
  registerWh: number;
  /** Up to when `registerWh` has been counted, and at what power since then. */
  countedAt: number;
  powerW: number;
  vehicle?: Vehicle;
  transaction?: Transaction;
  /** Charging, but no power flows: the vendor's status does not say so. */
  softFault: boolean;
  operative: boolean;
  reservedFor?: { readonly tag: string; readonly reservationId: number; readonly until: number };
  /** What it offers now, by the profiles it follows and its rating. */
  limit: Limit;
  /** When the driver means to leave, ms since the epoch: known while a car is there. */
  leavesAt?: number;
  /** Why the running visit is to end at its next step. */
  endWith?: StopReason;
  /** A remote start waiting to be served. */
  remoteStart?: { readonly tag: string; readonly remoteStartId?: number; readonly profile?: ChargingProfile };
  /** Ends the current pause early. */
  wake: () => void;
};
