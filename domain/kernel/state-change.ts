import type { ProfileChange } from './charging-profile.ts';
import type { ConnectorStatus } from './connector-status.ts';
import type { EndedCommand } from './ended-command.ts';
import type { Curve, EndedSession, TimesOnRecord } from './ended-session.ts';
import type { TagRefusal } from './fact.ts';
import type { Minute } from './minute.ts';

/**
 * Changes: what the fold decided has happened. They stand in the outbox of the item that was written, and everything
 * downstream (history, windows, alerts, events) follows from them through the table's change stream.
 *
 * `id` is a function of the record that caused the change and its ordinal there, never of the batch: every sink dedupes on it.
 */
type Caused = {
  readonly id: string;
  /** Event time, ms. */
  readonly at: number;
  readonly receivedAt: number;
};
type OnConnector = { readonly evseId: number; readonly connectorId: number };

export type ConnectorStatusChanged = Caused &
  OnConnector & {
    readonly type: 'ConnectorStatusChanged';
    readonly from: ConnectorStatus;
    readonly to: ConnectorStatus;
    /** When `from` began. */
    readonly fromAt: number;
    readonly errorCode?: string;
    readonly vendorErrorCode?: string;
    readonly info?: string;
  };

/** A status that was already over when it arrived: it belongs into history, not into the live state. */
export type ConnectorStatusBackfilled = Caused &
  OnConnector & { readonly type: 'ConnectorStatusBackfilled'; readonly status: ConnectorStatus };

/** An errorCode other than NoError without status Faulted. */
export type ConnectorWarned = Caused &
  OnConnector & {
    readonly type: 'ConnectorWarned';
    readonly errorCode: string;
    readonly vendorErrorCode?: string;
    readonly info?: string;
  };

/** A tag was not to charge. Its start is no session; if energy flows all the same, SessionBegan follows with the verdict. */
export type AuthorizationRefused = Caused &
  OnConnector & {
    readonly type: 'AuthorizationRefused';
    readonly transactionId: string;
    readonly verdict: TagRefusal;
    readonly tag?: string;
    /** The session that was told, even to its end perhaps, and, as it had delivered nothing, is none. */
    readonly withdrawnSessionId?: string;
  };

export type SessionBegan = Caused &
  OnConnector & {
    readonly type: 'SessionBegan';
    readonly sessionId: string;
    readonly transactionId: string;
    /** It was told to have begun on another connector of the EVSE before. */
    readonly isMoved?: true;
    readonly tag?: string;
    readonly meterStartWh?: number;
    /** Energy flows although the tag was refused: why it was. */
    readonly tagVerdict?: TagRefusal;
  };

/** Charging state or tag of the open session changed (not its meter). */
export type SessionProgressed = Caused &
  OnConnector & {
    readonly type: 'SessionProgressed';
    readonly sessionId: string;
    readonly chargingState?: string;
    readonly triggerReason?: string;
    readonly tag?: string;
  };

/** The session was measured: the live figures, for throttled SessionUpdated events and alert rules. */
export type SessionMeasured = Caused &
  OnConnector & {
    readonly type: 'SessionMeasured';
    readonly sessionId: string;
    readonly energyWh: number;
    readonly powerW?: number;
    readonly socPercent?: number;
  };

/** Completed, inferred (flag inferredStop) or without a known start (flag orphan). */
export type SessionEnded = Caused & OnConnector & { readonly type: 'SessionEnded'; readonly session: EndedSession };

/** A message that arrived after the end changed the record of an ended session (late samples, real stop after an inferred one). */
export type SessionAmended = Caused &
  OnConnector & {
    readonly type: 'SessionAmended';
    readonly session: EndedSession;
    /** Its times until now, where its end was told anew: hours it no longer reaches are to be computed again. */
    readonly before?: TimesOnRecord;
  };

/** The open minute moved on. */
export type MinuteClosed = Caused & OnConnector & { readonly type: 'MinuteClosed'; readonly minute: Minute };

/**
 * Energy between two readings that stand more than a minute apart: whole minutes [fromAt, toAt) with an even share each.
 * `fromAt` and `toAt` are on minute edges; registers are Wh of the session at those edges.
 */
export type MinutesSpread = Caused &
  OnConnector & {
    readonly type: 'MinutesSpread';
    readonly sessionId?: string;
    readonly fromAt: number;
    readonly toAt: number;
    readonly fromWh: number;
    readonly toWh: number;
    readonly socPercent?: number;
    readonly limitW?: number;
  };

/**
 * What was told of a session's minutes turned out otherwise: a reading arrived late, or the register or the clock was read
 * wrongly. The energy of every minute in [fromAt, toAt), both on minute edges, is what this curve says of it, 0 where the
 * curve has no points.
 */
export type MinutesCorrected = Caused &
  OnConnector & {
    readonly type: 'MinutesCorrected';
    readonly sessionId: string;
    /** Start of the session: what the curve counts from. */
    readonly startedAt: number;
    readonly fromAt: number;
    readonly toAt: number;
    readonly curve: Curve;
  };

export type MeterSuspected = Caused &
  OnConnector & { readonly type: 'MeterSuspected'; readonly sessionId?: string; readonly why: string };

export type StationConnected = Caused & {
  readonly type: 'StationConnected';
  readonly connectionId: string;
  readonly ocpp: string;
  readonly transport: string;
};
export type StationDisconnected = Caused & { readonly type: 'StationDisconnected'; readonly connectionId: string };
export type StationWentOffline = Caused & {
  readonly type: 'StationWentOffline';
  readonly cause: 'no-connection' | 'silent';
};
export type StationCameOnline = Caused & { readonly type: 'StationCameOnline'; readonly offlineAt: number };
export type StationRebooted = Caused & {
  readonly type: 'StationRebooted';
  readonly vendor: string;
  readonly model: string;
  readonly firmware?: string;
  readonly previousFirmware?: string;
  readonly bootReason?: string;
};
export type StationStatusChanged = Caused & {
  readonly type: 'StationStatusChanged';
  readonly from: ConnectorStatus;
  readonly to: ConnectorStatus;
  readonly errorCode?: string;
  readonly vendorErrorCode?: string;
  readonly info?: string;
};
export type MainMeterMeasured = Caused & {
  readonly type: 'MainMeterMeasured';
  readonly energyWh?: number;
  readonly powerW?: number;
};
export type ClockSkewLearned = Caused & { readonly type: 'ClockSkewLearned'; readonly offsetMs: number };

/** A reservation came to another state: as a charger or a command told, not because its time passed. */
export type ReservationChanged = Caused & {
  readonly type: 'ReservationChanged';
  readonly reservationId: number;
  readonly to: 'Requested' | 'Active' | 'Used' | 'Expired' | 'Cancelled' | 'Rejected';
  readonly evseId?: number;
  readonly tag?: string;
  readonly expiresAt?: number;
  readonly transactionId?: string;
  /** Why it was refused: the station's word. */
  readonly reason?: string;
};

/** The connector shows that it went into or out of service, as a command had asked for. */
export type AvailabilityConfirmed = Caused &
  OnConnector & {
    readonly type: 'AvailabilityConfirmed';
    readonly commandId: string;
    readonly operative: boolean;
    readonly requestedAt: number;
  };
/** The station accepted a change of its charging profiles: what it was sent, and by whom. */
export type ProfilesAccepted = Caused & { readonly type: 'ProfilesAccepted'; readonly change: ProfileChange } & Pick<
    EndedCommand,
    'commandId' | 'ocpp' | 'payload' | 'by' | 'why' | 'requestId' | 'origin'
  >;

/** Everything else worth a line on the timeline: authorizations, security events, firmware, diagnostics, data transfers, commands. */
export type StationEventRecorded = Caused & {
  readonly type: 'StationEventRecorded';
  readonly evseId?: number;
  readonly connectorId?: number;
  /** The fact's type, or the OCPP action for 'OtherMessageReceived'. */
  readonly topic: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export type StateChange =
  | ConnectorStatusChanged
  | ConnectorStatusBackfilled
  | ConnectorWarned
  | AuthorizationRefused
  | SessionBegan
  | SessionProgressed
  | SessionMeasured
  | SessionEnded
  | SessionAmended
  | MinuteClosed
  | MinutesSpread
  | MinutesCorrected
  | MeterSuspected
  | StationConnected
  | StationDisconnected
  | StationWentOffline
  | StationCameOnline
  | StationRebooted
  | StationStatusChanged
  | MainMeterMeasured
  | ClockSkewLearned
  | ReservationChanged
  | AvailabilityConfirmed
  | ProfilesAccepted
  | StationEventRecorded;
