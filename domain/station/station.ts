import type { StatusReport } from '../connector/connector.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import type { Guard } from '../kernel/guard.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { Registration } from '../registry/registration.ts';
import type { RecentSession } from '../session/session.ts';

/** Who is connected: written by the gateway (track-connection, answer-ocpp), conditional on connectionId. */
export type Connectivity = {
  readonly connectionId?: string;
  readonly ocpp?: string;
  readonly transport?: string;
  readonly connectedAt?: number;
  readonly disconnectedAt?: number;
  readonly lastSeenAt?: number;
};

/** What the stream told about the station as a whole: written by project-state, guarded like a connector. */
export type StationState = {
  readonly stationId: string;
  readonly online: boolean;
  readonly onlineAt?: number;
  /** Present while the station is lost. */
  readonly offlineAt?: number;
  readonly connectionId?: string;
  /** When the newest connection heard of was opened, also after it closed: an older one told later changes nothing. */
  readonly connectedAt?: number;
  readonly vendor?: string;
  readonly model?: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
  readonly bootedAt?: number;
  readonly report?: StatusReport;
  /** Learned constant offset of the station's clock, ms (its clock minus ours); absent while it is right. */
  readonly clockOffsetMs?: number;
  /** What the learning rests on: distances of the last live stamps, ms, newest first, at most eight. */
  readonly clockSamplesMs?: readonly number[];
  /** Receive time of the newest of them. */
  readonly clockSampledAt?: number;
  /** Main-meter reading (connector 0 / evse 0), for the sub-meter check. */
  readonly mainMeter?: { readonly at: number; readonly energyWh?: number; readonly powerW?: number };
  /** Starts that did not say where (OCPP 2.x may name the EVSE in a later event only), newest first, at most four. */
  readonly unplaced?: readonly SessionStarted[];
  /** Sessions of which only the stop is known and no connector, newest first, at most four: to recognise repeats. */
  readonly orphans?: readonly RecentSession[];
  readonly guard: Guard;
  readonly rev: number;
  readonly outbox: readonly StateChange[];
};

/** One item of table "stations": three writers on three disjoint sets of attributes. */
export type Station = {
  readonly registration?: Registration;
  readonly connectivity?: Connectivity;
  readonly state?: StationState;
};
