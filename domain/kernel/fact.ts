/**
 * Facts: what a station said, freed from its protocol version.
 *
 * Instants are milliseconds since the epoch, UTC. Energy is Wh, power W, current A, voltage V, temperature degrees Celsius.
 * `ocpp/` turns frames into facts; `domain/station/fold.ts` turns facts into state and changes.
 */
import type { ProfileChange, SchedulePeriod } from './charging-profile.ts';
import type { EndedCommand } from './ended-command.ts';
import type { RefusedCapability, ReportedCapabilities, ReportPart } from './reported-capabilities.ts';

/** What every fact carries: when it happened and when we heard of it. */
export type FactHeader = {
  /** Event time: the charger's stamp where it is plausible, otherwise `receivedAt`. */
  readonly at: number;
  readonly receivedAt: number;
  /** The charger's own stamp, when `at` is not it (missing, impossible or more than 5 min in the future). */
  readonly stampedAt?: number;
  readonly clock: 'charger' | 'receiver';
  /** Id of the OCPP message that carried it: lets producer duplicates be told apart from repeats. */
  readonly messageId: string;
};

/**
 * Where on the station. OCPP 1.6 connector N is evseId N, connectorId N; 0/0 is the station itself.
 * In OCPP 2.x a missing connectorId stays missing: it is not 1. Both are missing when a transaction event left them out.
 */
export type EvseRef = { readonly evseId?: number; readonly connectorId?: number };

export const reportedStatuses = [
  'available',
  'occupied',
  'preparing',
  'charging',
  'suspendedEV',
  'suspendedEVSE',
  'finishing',
  'reserved',
  'unavailable',
  'faulted',
] as const;
export type ReportedStatus = (typeof reportedStatuses)[number] | 'unknown';

export type ChargingState = 'charging' | 'evConnected' | 'suspendedEV' | 'suspendedEVSE' | 'idle';

export type StopReason =
  | 'deauthorized'
  | 'emergencyStop'
  | 'energyLimitReached'
  | 'evDisconnected'
  | 'groundFault'
  | 'immediateReset'
  | 'local'
  | 'masterPass'
  | 'other'
  | 'overcurrentFault'
  | 'powerLoss'
  | 'powerQuality'
  | 'reboot'
  | 'remote'
  | 'socLimitReached'
  | 'stoppedByEV'
  | 'timeLimitReached'
  | 'timeout'
  | 'unlockCommand'
  | 'inferred'
  | 'unknown';

export type ReadingContext = 'periodic' | 'clock' | 'trigger' | 'begin' | 'end' | 'interruption' | 'other';

/** One moment of a meter, in SI-ish units. A quantity that was not reported and cannot be derived is absent, never 0. */
export type Reading = {
  readonly context: ReadingContext;
  /** Import register: total if reported, otherwise the sum of the phases. */
  readonly energyWh?: number;
  /** A register was given that no meter can show (negative, beyond any register) or that cannot be read: it was left out. */
  readonly registerRefused?: true;
  readonly exportWh?: number;
  readonly intervalWh?: number;
  readonly powerW?: number;
  /** Where `powerW` came from; 'energy' is delta register over delta time inside one message. */
  readonly powerSource?: 'measured' | 'phases' | 'energy' | 'voltage-current';
  readonly offeredW?: number;
  readonly currentA?: number;
  readonly currentByPhaseA?: Readonly<Record<string, number>>;
  readonly offeredA?: number;
  readonly voltageV?: number;
  readonly voltageByPhaseV?: Readonly<Record<string, number>>;
  readonly socPercent?: number;
  readonly temperatureC?: number;
  readonly frequencyHz?: number;
  /** A signed meter record was present; its raw text stays in the archive. */
  readonly signed?: boolean;
};

export type MeterSampled = FactHeader & {
  readonly type: 'MeterSampled';
  readonly transactionId?: string;
  readonly seqNo?: number;
  readonly reading: Reading;
} & EvseRef;

export type StatusReported = FactHeader & {
  readonly type: 'StatusReported';
  readonly status: ReportedStatus;
  /** The station's own word, kept verbatim. */
  readonly vendorStatus: string;
  /** OCPP 1.6 errorCode; absent for NoError and in 2.x. */
  readonly errorCode?: string;
  readonly vendorErrorCode?: string;
  readonly info?: string;
} & EvseRef;

/** Answers to a tag that is not to charge, in the words both OCPP versions share. */
export const tagRefusals = ['Blocked', 'Expired', 'Invalid', 'ConcurrentTx'] as const;
export type TagRefusal = (typeof tagRefusals)[number];

/** Fields of a 2.x TransactionEvent that matter for order and history. */
export type TransactionProgress = {
  readonly seqNo?: number;
  readonly offline?: boolean;
  readonly triggerReason?: string;
  readonly chargingState?: ChargingState;
  readonly tag?: string;
  /** Why the tag was not accepted; absent where it was accepted or nobody asked. */
  readonly tagVerdict?: TagRefusal;
  /** The list of tags could not be asked: the verdict was the stage's policy for unknown tags. */
  readonly tagUnverified?: true;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
};

export type SessionStarted = FactHeader & {
  readonly type: 'SessionStarted';
  /** Unique per station only. OCPP 1.6: ours, deterministic (see `ocpp/v16/transaction-id.ts`), as text. */
  readonly transactionId: string;
  readonly meterStartWh?: number;
  /** A meterStart was given that no meter can show (negative, beyond any register): it was left out. */
  readonly meterRefused?: true;
} & TransactionProgress &
  EvseRef;

export type SessionUpdated = FactHeader & {
  readonly type: 'SessionUpdated';
  readonly transactionId: string;
} & TransactionProgress &
  EvseRef;

export type SessionStopped = FactHeader & {
  readonly type: 'SessionStopped';
  /** Absent when the station sent 0 or -1 (it started offline and never learned the id). */
  readonly transactionId?: string;
  readonly meterStopWh?: number;
  /** A meterStop was given that no meter can show (negative, beyond any register): it was left out. */
  readonly meterRefused?: true;
  readonly reason: StopReason;
  readonly vendorReason?: string;
} & TransactionProgress &
  EvseRef;

export type StationBooted = FactHeader & {
  readonly type: 'StationBooted';
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
  readonly bootReason?: string;
};

export type TagPresented = FactHeader & { readonly type: 'TagPresented'; readonly tag: string } & EvseRef;

export type SecurityEventReported = FactHeader & {
  readonly type: 'SecurityEventReported';
  readonly event: string;
  readonly techInfo?: string;
};

export type FirmwareStatusReported = FactHeader & { readonly type: 'FirmwareStatusReported'; readonly status: string };

/** Diagnostics (1.6) and log (2.x, 1.6 security) uploads. */
export type LogStatusReported = FactHeader & { readonly type: 'LogStatusReported'; readonly status: string };

/** One eventData entry of a 2.x NotifyEvent. */
export type DeviceEventReported = FactHeader & {
  readonly type: 'DeviceEventReported';
  readonly component: string;
  /** Tells components of one name apart. */
  readonly instance?: string;
  readonly variable: string;
  readonly variableInstance?: string;
  readonly value: string;
  readonly trigger?: string;
  readonly cleared?: boolean;
  readonly severity?: number;
} & EvseRef;

export type DataTransferred = FactHeader & {
  readonly type: 'DataTransferred';
  readonly vendorId: string;
  readonly vendorMessageId?: string;
  readonly data?: string;
};

/** A reply (CALLRESULT or CALLERROR) to nothing that was outstanding: it came too late, twice, or out of nothing. */
export type CommandAnswered = FactHeader & {
  readonly type: 'CommandAnswered';
  readonly outcome: 'result' | 'error';
  readonly status?: string;
  readonly errorCode?: string;
  /** What the station said, as JSON text of at most 4,000 characters (cut there): never stored as values of its making. */
  readonly payload: string;
};

/** A command of ours has ended. */
export type CommandEnded = FactHeader & { readonly type: 'CommandEnded' } & EndedCommand;

/** The station told what it can do: the answer to a question of ours, or a part of a report. */
export type CapabilitiesReported = FactHeader & {
  readonly type: 'CapabilitiesReported';
  readonly capabilities: ReportedCapabilities;
  /** Which part of which report it is; absent where the answer is whole. */
  readonly part?: ReportPart;
};

/** A command failed because the station cannot do what it asked for. */
export type CapabilityRefused = FactHeader & {
  readonly type: 'CapabilityRefused';
  readonly refused: RefusedCapability;
};

/** A ReserveNow has ended. `unknown`: nobody knows whether the station took it. */
export type ReservationAnswered = FactHeader & {
  readonly type: 'ReservationAnswered';
  readonly reservationId: number;
  readonly outcome: 'accepted' | 'refused' | 'unknown';
  readonly requestedAt: number;
  /** From here on the station no longer holds it, ms since the epoch. */
  readonly expiresAt: number;
  readonly tag?: string;
  /** Why it was refused: the station's word. */
  readonly reason?: string;
} & EvseRef;

/** A reservation is over without having been used: we cancelled it, or the station ended it. */
export type ReservationReleased = FactHeader & {
  readonly type: 'ReservationReleased';
  readonly reservationId: number;
  readonly how: 'Cancelled' | 'Expired';
  /** The station's word, where it told of its own accord. */
  readonly told?: string;
};

/**
 * The station agreed to take a connector (without `connectorId` an EVSE, without `evseId` or with 0 itself) into or out of
 * service. It has not said yet that it did.
 */
export type AvailabilityAgreed = FactHeader & {
  readonly type: 'AvailabilityAgreed';
  readonly commandId: string;
  readonly operative: boolean;
  /** It will happen when the running transaction ends. */
  readonly scheduled: boolean;
  readonly requestedAt: number;
} & EvseRef;

/** A command of ours changed the charging profiles of the station, or may have: nobody knows where no answer came. */
export type ProfilesChanged = FactHeader & {
  readonly type: 'ProfilesChanged';
  readonly change: ProfileChange;
  readonly isSettled: boolean;
  /** When the command was given out for sending, ms since the epoch. */
  readonly sentAt: number;
} & Pick<EndedCommand, 'commandId' | 'ocpp' | 'payload' | 'by' | 'why' | 'requestId' | 'origin' | 'isWrittenHere'>;

/** The station said which limits hold on an EVSE from `sentAt` on (GetCompositeSchedule). */
export type LimitsReported = FactHeader & {
  readonly type: 'LimitsReported';
  readonly evseId: number;
  /** When it was asked, ms since the epoch: its schedule begins then. */
  readonly sentAt: number;
  readonly periods: readonly SchedulePeriod[];
  readonly durationSec: number;
};

/** Any other accepted message: kept for the timeline under its action name. */
export type OtherMessageReceived = FactHeader & {
  readonly type: 'OtherMessageReceived';
  readonly action: string;
  readonly summary: string;
} & EvseRef;

/** A socket (or MQTT session) opened or closed: put on the stream by track-connection. */
export type ConnectionOpened = FactHeader & {
  readonly type: 'ConnectionOpened';
  readonly connectionId: string;
  readonly ocpp: string;
  readonly transport: string;
};
export type ConnectionClosed = FactHeader & { readonly type: 'ConnectionClosed'; readonly connectionId: string };

/** Derived by sweep-fleet: no socket for the grace period, or no message for three heartbeat intervals. */
export type StationLost = FactHeader & { readonly type: 'StationLost'; readonly cause: 'no-connection' | 'silent' };

/** The registry entry was added or changed: connectors take their place, type and rating from it. */
export type StationRegistered = FactHeader & { readonly type: 'StationRegistered' };

/** Derived by sweep-fleet: this session has no stop and never will (watchdog). */
export type SessionAbandoned = FactHeader & {
  readonly type: 'SessionAbandoned';
  readonly transactionId: string;
} & EvseRef;

export type Fact =
  | StatusReported
  | MeterSampled
  | SessionStarted
  | SessionUpdated
  | SessionStopped
  | StationBooted
  | TagPresented
  | SecurityEventReported
  | FirmwareStatusReported
  | LogStatusReported
  | DeviceEventReported
  | DataTransferred
  | CommandAnswered
  | CommandEnded
  | CapabilitiesReported
  | CapabilityRefused
  | ReservationAnswered
  | ReservationReleased
  | AvailabilityAgreed
  | ProfilesChanged
  | LimitsReported
  | OtherMessageReceived
  | ConnectionOpened
  | ConnectionClosed
  | StationLost
  | StationRegistered
  | SessionAbandoned;
