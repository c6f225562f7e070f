import type { ConnectorKey } from '../kernel/connector-key.ts';
import type { ConnectorStatus } from '../kernel/connector-status.ts';
import type { MeterSampled, SessionStarted, SessionStopped, TagRefusal } from '../kernel/fact.ts';
import type { Guard } from '../kernel/guard.ts';
import type { Minute } from '../kernel/minute.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { LimitStep } from '../profile/limit-steps.ts';
import type { ProfileLog } from '../profile/profile-log.ts';
import type { Place } from '../registry/place.ts';
import type { ActiveSession } from '../session/active-session.ts';
import type { RecentSession } from '../session/recent-session.ts';
import type { StatusReport } from './status-report.ts';

/** A transaction whose tag was refused, from its start on: no session, unless energy flows all the same. */
export type RefusedStart = SessionStarted & {
  readonly tagVerdict: TagRefusal;
  /** A later message told of the refusal; the start may still come. */
  readonly startUnknown?: true;
  /** Its stop, which showed no energy by what was known then. */
  readonly stop?: SessionStopped;
};

/** A reading of a session nobody told us of yet, or of a transaction that was refused. */
export type UnclaimedReading = Pick<MeterSampled, 'at' | 'receivedAt' | 'transactionId' | 'reading'>;

/** A register reading of a connector that nobody charges at, as far as is known. */
export type IdleReading = {
  readonly at: number;
  readonly energyWh: number;
  /** It is no sample of a session to come: aligned to the clock, without a stamp of the station's own, or of another transaction. */
  readonly isOfNone?: true;
};

/** A connector is to go into or out of service: the station agreed, and its status does not show it yet. */
export type PendingAvailability = {
  readonly commandId: string;
  readonly operative: boolean;
  /** It will happen when the running transaction ends. */
  readonly scheduled: boolean;
  readonly requestedAt: number;
  readonly agreedAt: number;
};

/** What limited it until a command changed that, ms since the epoch; `limitW` is absent where nothing did, or nobody can tell. */
export type ReplacedLimit = { readonly untilAt: number; readonly limitW?: number };

/** The live item of one connector (table "connectors"). One per connector, written once per fold, guarded. */
export type Connector = ConnectorKey & {
  readonly place: Place;
  /** 'offline' exactly while the station is lost; otherwise what the reports and the session make of it. */
  readonly status: ConnectorStatus;
  /** Event time at which `status` began. */
  readonly statusAt: number;
  /** Until then, after `statusAt`, it had other statuses for a while, which were told late: history alone tells them. */
  readonly toldLateUntil?: number;
  readonly report?: StatusReport;
  /** A station-wide status (connector 0) that overlays the connector's own: unavailable or faulted. */
  readonly stationReport?: StatusReport;
  readonly session?: ActiveSession;
  /** An older session whose messages come from an offline queue while a newer one is known. */
  readonly past?: ActiveSession;
  /** Newest first, at most four. */
  readonly recent: readonly RecentSession[];
  /** Starts whose tag was refused and after which nothing flowed, newest first, at most three. */
  readonly refused?: readonly RefusedStart[];
  readonly minute?: Minute;
  /** Readings of what is no session yet, oldest first, at most a hundred. */
  readonly unclaimed?: readonly UnclaimedReading[];
  /** Register readings outside any session: the last one, and the first of those that show hardly less than it. */
  readonly idle?: IdleReading & { readonly since?: IdleReading };
  readonly temperatureC?: number;
  /** The station agreed to take it into or out of service and has not shown yet that it did. */
  readonly pendingAvailability?: PendingAvailability;
  /** The charging profiles that apply here, in watts; absent where there are none. */
  readonly profiles?: ProfileLog;
  /** The limits that held before commands changed them during this session, the last at the end; at most eight. */
  readonly replacedLimits?: readonly ReplacedLimit[];
  /** What they limit the connector to from the last write on, for readers that cannot compose them. */
  readonly limits?: readonly LimitStep[];
  /** When the station last said something that changed this item; 0 before it ever did. */
  readonly lastSeenAt: number;
  readonly guard: Guard;
  /** Counts the records that changed this item (never the writes): Version of everything derived from it. */
  readonly rev: number;
  /** What the last fold decided. Consumers of the change stream read only this. */
  readonly outbox: readonly StateChange[];
};

/** A connector of which nothing is known yet but where it stands. `at` is ms since the epoch. */
export const blankConnector = (key: ConnectorKey, place: Place, at: number): Connector => ({
  ...key,
  place,
  status: 'unknown',
  statusAt: at,
  recent: [],
  lastSeenAt: 0,
  guard: '',
  rev: 0,
  outbox: [],
});

/** A connector has room for the live session and for one of the past, which an offline queue tells of. */
export type SessionSlot = 'session' | 'past';

/** Which of the connector's two slots holds a transaction, if any. */
export const slotOf = (connector: Connector, transactionId: string): SessionSlot | undefined => {
  if (connector.session?.transactionId === transactionId) return 'session';
  return connector.past?.transactionId === transactionId ? 'past' : undefined;
};

/** When the first session known to be newer than this one began; endless where none is. */
export const newerFrom = ({ session, past, recent }: Connector, { sessionId, startedAt }: ActiveSession): number =>
  Math.min(
    ...[session, past, ...recent].flatMap((other) =>
      other && other.sessionId !== sessionId && other.startedAt > startedAt ? [other.startedAt] : [],
    ),
  );

/** What the connector remembers of a transaction that ended. */
export const recentOf = (connector: Connector, transactionId: string): RecentSession | undefined =>
  connector.recent.find((recent) => recent.transactionId === transactionId);

/** The connector with what it now remembers of an ended session. */
export const withRecent = (connector: Connector, recent: RecentSession): Connector => ({
  ...connector,
  recent: connector.recent.map((other) => (other.sessionId === recent.sessionId ? recent : other)),
});
