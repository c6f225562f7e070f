import type { Registration } from '../registry/registration.ts';
import type { StationState } from './station-state.ts';

/** Who is connected: written by the gateway (track-connection, answer-ocpp), conditional on connectionId. */
export type Connectivity = {
  readonly connectionId?: string;
  readonly ocpp?: string;
  readonly transport?: string;
  readonly connectedAt?: number;
  readonly disconnectedAt?: number;
  readonly lastSeenAt?: number;
};

/** One item of table "stations": three writers on three disjoint sets of attributes. */
export type Station = {
  readonly registration?: Registration;
  readonly connectivity?: Connectivity;
  readonly state?: StationState;
};
