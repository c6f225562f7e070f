import type { Registration } from '../registry/registration.ts';
import type { StationState } from './station-state.ts';

/** Who is connected: written by the gateway (track-connection, answer-ocpp), conditional on connectionId. */
export type Connectivity = {
  readonly connectionId?: string;
  readonly ocpp?: NonNullable<Registration['ocpp']>;
  readonly transport?: 'websocket' | 'mqtt';
  readonly connectedAt?: number;
  readonly disconnectedAt?: number;
  /** MQTT: the number AWS IoT gave the session. */
  readonly version?: number;
  /** MQTT: the beginning of the session was never told; a message showed that there is one. */
  readonly isUntold?: true;
  /** MQTT: a session that was told to have ended, and not yet to have begun. */
  readonly closedUnopened?: { readonly version: number; readonly at: number };
};

/** One item of table "stations": three writers on three disjoint sets of attributes. */
export type Station = {
  readonly registration?: Registration;
  readonly connectivity?: Connectivity;
  readonly state?: StationState;
};
