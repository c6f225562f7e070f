import type { EndedCommand } from '../../domain/kernel/ended-command.ts';

/**
 * The envelope: what stands in a record of the Kinesis stream "ocpp". Partition key is the stationId.
 * It keeps what the charger said, byte for byte; everything else is derived and can be rebuilt from it.
 */
export const ocppVersions = ['1.6', '2.0.1', '2.1'] as const;
export type OcppVersion = (typeof ocppVersions)[number];
export type Transport = 'websocket' | 'mqtt';

/** A frame from the charger and the answer it was given (absent when the protocol wants none). */
export type FrameEnvelope = {
  readonly kind: 'frame';
  readonly stationId: string;
  readonly ocpp: OcppVersion;
  readonly transport: Transport;
  readonly connectionId?: string;
  /** ms since the epoch, the gateway's clock. */
  readonly receivedAt: number;
  readonly frame: string;
  readonly answer?: string;
  /** The list of tags could not be asked: what the answer says of a tag is the stage's policy. */
  readonly tagUnverified?: true;
  /** The frame answers this command of ours: a record of its own tells how that ended. */
  readonly answers?: string;
  /** It may answer a command of ours, which the gateway could not look up: whoever reads this record settles it. */
  readonly unsettled?: true;
};

/** A socket or MQTT session opened or closed (track-connection). */
export type ConnectionEnvelope = {
  readonly kind: 'connection';
  readonly state: 'opened' | 'closed';
  readonly stationId: string;
  readonly connectionId: string;
  readonly ocpp: OcppVersion;
  readonly transport: Transport;
  readonly receivedAt: number;
  /** The station's mailbox could not be told that it was opened: whoever reads this record has the mailbox looked at. */
  readonly mailboxUntold?: true;
};

/** What the minute sweep derived from silence: the station is offline, or was heard again, or a session will never end. */
export type SweepEnvelope = {
  readonly kind: 'sweep';
  readonly stationId: string;
  readonly receivedAt: number;
  readonly finding:
    | { readonly type: 'StationLost'; readonly at: number; readonly cause: 'no-connection' | 'silent' }
    | { readonly type: 'StationHeard'; readonly at: number }
    | {
        readonly type: 'SessionAbandoned';
        readonly at: number;
        readonly evseId: number;
        readonly connectorId: number;
        readonly transactionId: string;
      };
};

/** The registry entry of a station was added or changed (cli/station). */
export type RegisteredEnvelope = {
  readonly kind: 'registered';
  readonly stationId: string;
  readonly receivedAt: number;
};

/** A command of ours has ended (relay-commands); `receivedAt` is when. */
export type CommandEnvelope = {
  readonly kind: 'command';
  readonly stationId: string;
  readonly receivedAt: number;
  readonly command: EndedCommand;
};

export type Envelope = FrameEnvelope | ConnectionEnvelope | SweepEnvelope | RegisteredEnvelope | CommandEnvelope;
