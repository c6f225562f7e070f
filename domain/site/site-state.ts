import type { BudgetReason, Reason } from '../charging/allocation.ts';
import type { PhaseCurrents } from '../charging/constraints-of.ts';
import type { UnusedShare } from '../charging/unused-share.ts';
import type { GridPhase } from '../registry/electrics.ts';
import type { Conductors } from '../session/used-conductors.ts';
import type {
  BidSet,
  DepartureSet,
  OptOutSet,
  PricesPublished,
  PrioritySet,
  SiteDemandMeasured,
  SiteLimitSet,
} from './site-signal.ts';

/** The power of a car at an instant. */
export type PowerSample = { readonly at: number; readonly powerW: number };

/**
 * A session of the site and the limit it has. The limit of `accepted` holds for certain until `validUntil`; what is in
 * flight, or was never answered, may hold or not, so that all count until one of them is known.
 */
export type SiteSession = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly sessionId: string;
  readonly transactionId: string;
  readonly startedAt: number;
  /** When we first heard of it. */
  readonly seenAt: number;
  /** Of the connector image it was last taken from. */
  readonly rev: number;
  readonly isOffline: boolean;
  /** What its station falls back to when no setpoint holds, W; absent: its rating. */
  readonly fallbackW?: number;
  /** Since when the car itself has taken no power. */
  readonly suspendedAt?: number;
  /** Since when it has waited for its first power (its start), may charge, or was paused. */
  readonly turn: { readonly kind: 'arrived' | 'charging' | 'paused'; readonly since: number };
  readonly accepted?: Limit;
  /** Limits that were accepted before it, the last ones at the end: what the car drew lately may follow from them. */
  readonly earlier?: readonly Limit[];
  readonly inFlight?: InFlight;
  /** Earlier limits that were never answered: each may hold until it ends, or the station accepts a later one. */
  readonly unanswered?: readonly Limit[];
  /** What is in force at its station in place of what we set, where that is more. */
  readonly overruled?: Overruled;
  /** When the last command was sent that images of its connector know of. */
  readonly profilesAt?: number;
  /** When it was last asked to take more than it had. */
  readonly raisedAt?: number;
  /** Given nothing, as its car took nothing for minutes while others could use its minimum; or offered it again after that. */
  readonly rest?: Rest;
  /** What the station last refused, until it accepts something. */
  readonly refused?: { readonly limitW: number; readonly at: number };
  /** It knows no charging profiles: reserved at its rating, and never asked again in this session. */
  readonly isUncontrollable?: true;
  /** Why the limit asked for last is what it is. */
  readonly reasons: readonly Reason[];
  /** The last two measurements, the older one first. */
  readonly samples: readonly PowerSample[];
  /** How much of its limit it takes. */
  readonly use: UnusedShare;
  readonly energyWh: number;
  readonly socPercent?: number;
  /** What its car draws from, where fewer conductors than its EVSE has. */
  readonly conductors?: Conductors;
  /** When it was last asked to go to other phases. */
  readonly switchedAt?: number;
};

/** `times`: how often it was found to take nothing. */
export type Rest =
  | { readonly kind: 'resting'; readonly since: number; readonly times: number }
  | { readonly kind: 'offered'; readonly times: number };

/** A limit that was asked for: it may hold or not. */
export type InFlight = Limit & {
  readonly version: number;
  /** The highest of earlier ones that were never answered, W: how sites were written before `unanswered`. */
  readonly mayHoldW?: number;
  /** When it was clear that no answer comes. */
  readonly unansweredAt?: number;
};

/** `since`: when it was seen beside a limit the station had accepted, or asked in vain last: it is left alone for a while. */
export type Overruled = { readonly limitW: number; readonly since?: number };

export type Limit = {
  readonly limitW: number;
  readonly at: number;
  readonly validUntil?: number;
  /** When it was sent, as far as that was told; without it, `at` serves. */
  readonly sentAt?: number;
  /** Phases of the grid it is for, where fewer than the EVSE has. */
  readonly phases?: readonly GridPhase[];
};

/**
 * A session that ended a while ago: its power is still in a reading of the meter from before, and an image of its connector
 * from before may still come.
 */
export type Departed = {
  readonly connector: string;
  readonly rev: number;
  readonly endedAt: number;
  readonly samples: readonly PowerSample[];
  /** The most its limits left it since the last sample, W. */
  readonly mostW?: number;
};

/**
 * An EVSE where a car may begin before anybody can tell it less than the fall-back of its station: one is plugged in and has no
 * session yet, or the station is offline, so that nobody sees one come.
 */
export type Arrival = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly rev: number;
  readonly since: number;
  readonly isOffline: boolean;
  readonly fallbackW?: number;
};

/** What drivers said about the car on an EVSE, or about the next one to come. */
export type Wishes = {
  readonly bid?: BidSet;
  readonly priority?: PrioritySet;
  readonly departure?: DepartureSet;
  readonly optOut?: OptOutSet;
};

/** Whether the grid meter is heard, and since when. */
export type MeterState = { readonly kind: 'fresh' | 'lost'; readonly since: number };

/**
 * A controlled site: one guarded item (table sites). It is written only when a decision changes or when what was measured
 * since the last write is minutes old, so that a reading every few seconds costs nothing.
 */
export type SiteState = {
  readonly siteId: string;
  /** Counts its writes; each is conditional on the one that was read. */
  readonly rev: number;
  /** Position in the stream up to which it is folded. */
  readonly guard: string;
  /** Of the last decision: ms, and always larger than the one before. */
  readonly version: number;
  readonly sessions: readonly SiteSession[];
  /** By "stationId/evseId". */
  readonly wishes: Readonly<Record<string, Wishes>>;
  readonly prices?: PricesPublished;
  readonly limits: readonly SiteLimitSet[];
  /** Of limits that have ended or were taken back: the instant of the last signal of each source about each thing, ms. */
  readonly limitsOver?: Readonly<Record<string, number>>;
  readonly meter: MeterState;
  /** Since when the site has drawn more than its limit, by its meter. */
  readonly overLimitAt?: number;
  readonly demand?: SiteDemandMeasured;
  /** What the rest of the site was last taken to draw, W. */
  readonly otherW?: number;
  /** What it was last taken to draw on each phase, A, where its meter tells that and phases are limited. */
  readonly otherA?: PhaseCurrents;
  readonly departed: readonly Departed[];
  readonly arriving?: readonly Arrival[];
  readonly budget?: { readonly budgetW: number; readonly capacityW: number; readonly reason: BudgetReason };
  /** When it was last compared with the tables. */
  readonly comparedAt: number;
};

/** Sessions of one site that are controlled; what comes on top counts as load of the building. The item stays under 60 KB. */
export const MOST_SESSIONS = 200;

export const blankSite = (siteId: string, now: number): SiteState => ({
  siteId,
  rev: 0,
  guard: '',
  version: 0,
  sessions: [],
  wishes: {},
  limits: [],
  meter: { kind: 'fresh', since: now },
  departed: [],
  comparedAt: 0,
});

/** The EVSE as text: what wishes are kept under and sessions are called by the allocator. */
export const evsePath = ({ stationId, evseId }: { readonly stationId: string; readonly evseId: number }): string =>
  `${stationId}/${evseId}`;

/** A connector as text, unique in the network. */
export const connectorPath = (of: {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
}): string => `${evsePath(of)}/${of.connectorId}`;
