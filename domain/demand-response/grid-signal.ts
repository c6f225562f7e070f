/** What a signal asks, and of whom. Powers are W, times ms since the epoch. */
export type ReliefRequest =
  /** So much less charging power in a zone than at its start. */
  | {
      readonly kind: 'zone-reduction';
      readonly zoneId: string;
      readonly reductionW: number;
    }
  /** This share of a site's baseline less, from its chargers: at most what they draw. */
  | {
      readonly kind: 'site-curtailment';
      readonly siteId: string;
      /** Above 0, at most 100. */
      readonly percent: number;
      /** The load that the share is of; by default what the site's chargers draw at the start. */
      readonly baselineW?: number;
    };

/**
 * How hard a signal presses. CURTAIL keeps floors (priority 3: comfort levels as well), SHED and priority 1 void them: cars
 * may be paused, and nothing is randomised.
 */
export const signalTypes = ['CURTAIL', 'SHED'] as const;
export type SignalType = (typeof signalTypes)[number];
export const signalPriorities = [1, 2, 3] as const;
/** 1 presses hardest. */
export type SignalPriority = (typeof signalPriorities)[number];

/** A request of the grid for relief, as it is acted on, whichever way it came in. */
export type GridSignal = {
  /** The sender's name for it. */
  readonly signalId: string;
  /** Larger is newer. One version has one content. */
  readonly version: number;
  readonly type: SignalType;
  readonly priority: SignalPriority;
  readonly startAt: number;
  /** No start was given: `startAt` is the arrival. */
  readonly startsOnArrival?: boolean;
  readonly endAt: number;
  readonly receivedAt: number;
  /** Identity of the sender, as the transport vouches for it. */
  readonly by: string;
  readonly why?: string;
  /** Comes on top of other signals of its zone instead of nesting in them: a separate product. */
  readonly isAdditive?: boolean;
} & ReliefRequest;

/** The end of signals before their time: of those named, or of all in a zone or at a site. */
export type Restoration = {
  readonly receivedAt: number;
  readonly by: string;
  readonly why?: string;
} & (
  | { readonly kind: 'signals'; readonly signalIds: readonly string[] }
  | { readonly kind: 'zone'; readonly zoneId: string }
  | { readonly kind: 'site'; readonly siteId: string }
);

/** Whether floors and comfort levels do not count, cars may be paused and restores are not spread at random. */
export const voidsFloors = ({ type, priority }: Pick<GridSignal, 'type' | 'priority'>): boolean =>
  type === 'SHED' || priority === 1;

/** Whether comfort levels count, and who is opted out gives nothing. */
export const keepsComfort = (signal: Pick<GridSignal, 'type' | 'priority'>): boolean =>
  signal.priority === 3 && !voidsFloors(signal);

/** What a signal acts on, as one word for lists and keys. */
export const scopeOf = (signal: ReliefRequest): string =>
  signal.kind === 'site-curtailment' ? `site ${signal.siteId}` : `zone ${signal.zoneId}`;
