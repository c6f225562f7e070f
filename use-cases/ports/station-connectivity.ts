import type { Connectivity } from '../../domain/station/station.ts';
import type { OcppVersion, Transport } from '../../ocpp/frames/envelope.ts';

/** A connection that has just been opened. `at` is ms since the epoch, by the clock of the gateway that accepted it. */
export type ConnectionOpening = {
  readonly stationId: string;
  readonly connectionId: string;
  readonly ocpp: OcppVersion;
  readonly transport: Transport;
  readonly at: number;
  /** MQTT: the number of the session, by which openings and closings that come twice or in any order are told apart. */
  readonly version?: number;
};

/** A connection that has gone, at `at` (ms since the epoch). */
export type ConnectionClosing = Pick<ConnectionOpening, 'stationId' | 'connectionId' | 'at' | 'version'>;

/** What became of an opening: recorded (with the connection it replaced), or refused without a trace. */
export type Opened =
  | { readonly outcome: 'recorded'; readonly previous?: Connectivity }
  | { readonly outcome: 'unknownStation' }
  /** A connection opened later is recorded already: the newest wins, and this is not it. */
  | { readonly outcome: 'outdated' };

/** What is known of a connection that has gone, with the id it was known by. */
export type Closed = { readonly connectionId: string; readonly ocpp: OcppVersion; readonly transport: Transport };

/** Who is connected: attributes `connectivity` and `lastSeenAt` of table stations, which only the gateway writes. */
export type StationConnectivity = {
  readonly open: (opening: ConnectionOpening) => Promise<Opened>;
  /** The newest connection, which may have closed since (a consistent read); undefined for a station that never connected. */
  readonly newest: (stationId: string) => Promise<Connectivity | undefined>;
  /**
   * Notes that a connection is gone; undefined when it is not the station's current one. Nothing changes then, except that an
   * MQTT session which was not opened yet cannot be opened any more.
   */
  readonly close: (closing: ConnectionClosing) => Promise<Closed | undefined>;
  /**
   * MQTT: a message came at `at`. Notes a session that goes by `connectionId` where none is known and the station speaks for minutes
   * all the same, and resolves to it: its beginning could not be told.
   */
  readonly spoke: (word: Omit<ConnectionOpening, 'transport' | 'version'>) => Promise<Connectivity | undefined>;
  /**
   * Notes that a station spoke at `at`, unless it is known to have spoken after `notedBefore` (all ms).
   * Returns the instant that now stands: `at`, or the later one that was there; undefined for an unknown station.
   */
  readonly seen: (stationId: string, at: number, notedBefore: number) => Promise<number | undefined>;
};
