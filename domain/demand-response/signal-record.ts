import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type GridSignal, scopeOf } from './grid-signal.ts';
import { limitedSince } from './limited-since.ts';
import type { EventSpan } from './settlement-days.ts';

/** How a signal ended. 'superseded': by a newer version of itself; 'failed': a step could not be done, so it was restored. */
export type SignalEnd = 'completed' | 'cancelled' | 'superseded' | 'failed';

/** Who ends a signal when its time is over, or when a step cannot be done. */
export const OURSELVES = 'wattstream';

/**
 * Where a signal stands. 'waiting' for its start; 'active' from the frozen baseline on; 'restoring' while limits are lifted
 * and the rebound is watched; 'ended'.
 */
export type SignalState = 'waiting' | 'active' | 'restoring' | 'ended';

/** What a plan promises for one signal, W. */
export type PlanFigures = {
  readonly baselineW: number;
  readonly askedW: number;
  readonly plannedW: number;
  /** Asked and not planned: capacity is missing. */
  readonly shortfallW: number;
  readonly stationCount: number;
  /** Stations without a fresh sample: they shed nothing. */
  readonly unknownCount: number;
};

/** What meters said at one check of a signal. */
export type SignalCheck = {
  readonly at: number;
  /** When they were read, in the mean: what was delivered then. Absent where nothing fresh was known. */
  readonly measuredAt?: number;
  readonly deliveredW: number;
  readonly plannedW: number;
  readonly nonResponsiveCount: number;
};

/** How many stations took an event in which way. */
export type StationCounts = {
  readonly asked: number;
  readonly paused: number;
  /** By us, because they cannot take it, or by the station. */
  readonly refused: number;
  /** They never answered. */
  readonly silent: number;
  /** Their return is spread at random. */
  readonly randomised: number;
  readonly unreachable: number;
  readonly nonResponsive: number;
  /** Without a fresh sample when the baseline was frozen. */
  readonly unknown: number;
};

/** What happened to a signal, for the bus and the audit trail. */
export type SignalChange = { readonly at: number } & (
  | { readonly type: 'Signalled' }
  | { readonly type: 'Planned'; readonly figures: PlanFigures; readonly round: number }
  | { readonly type: 'Dispatched'; readonly round: number; readonly sentCount: number; readonly refusedCount: number }
  | { readonly type: 'Verified'; readonly check: SignalCheck; readonly round: number }
  | { readonly type: 'Shortfall'; readonly missingW: number }
  | { readonly type: 'Restored'; readonly why: string; readonly by: string }
  | { readonly type: 'Completed'; readonly as: SignalEnd; readonly reason?: string }
);

/** A signal with how it stands: one item, written under its revision. */
export type SignalRecord = {
  readonly signal: GridSignal;
  readonly state: SignalState;
  readonly endedAs?: SignalEnd;
  /** Counts the writes. */
  readonly rev: number;
  /** Counts what was ever told of it: the number of the first change in `outbox`. */
  readonly toldCount: number;
  /** What the last write decided: the change stream tells it. */
  readonly outbox: readonly SignalChange[];
  readonly registeredAt: number;
  readonly activatedAt?: number;
  /** The zones whose plans it joined. A site may have no station in one of them any more. */
  readonly zoneIds?: readonly string[];
  /** Since when and until when earlier versions of it limited, ms since the epoch; absent where none did. */
  readonly earlier?: { readonly sinceAt: number; readonly untilAt: number };
  /** When limits began to be lifted, and who or what asked for it. */
  readonly restoredAt?: number;
  readonly restoredBy?: string;
  readonly restoredWhy?: string;
  readonly endedAt?: number;
  readonly figures?: PlanFigures;
  /** Rounds of planning so far. */
  readonly round: number;
  readonly lastCheck?: SignalCheck;
  /** When stations were sent their limits in the first round. */
  readonly sentAt?: { readonly first: number; readonly last: number };
  /** When the first station accepted its limit. */
  readonly firstAcceptedAt?: number;
  /** How stations took it, as of the last check, or of when limits were lifted. */
  readonly stationCounts?: StationCounts;
};

const next = (record: SignalRecord, fields: Partial<SignalRecord>, outbox: readonly SignalChange[]): SignalRecord => ({
  ...record,
  ...fields,
  rev: record.rev + 1,
  toldCount: record.toldCount + record.outbox.length,
  outbox,
});

/** What becomes of a signal that came in, beside what is known of it. */
export type Registration =
  | { readonly kind: 'registered'; readonly record: SignalRecord }
  /** The same version with the same content: nothing changes, and what follows may be started once more. */
  | { readonly kind: 'duplicate'; readonly record: SignalRecord }
  /** An older version than the known one. */
  | { readonly kind: 'outdated'; readonly record: SignalRecord }
  /** The known version with another content. */
  | { readonly kind: 'contradiction'; readonly record: SignalRecord }
  /** A newer version about another zone or site, while the known one is not over: it would go on there unseen. */
  | { readonly kind: 'moved'; readonly record: SignalRecord };

/** What makes two arrivals the same signal: all it asks, not when it came and who carried it. */
const contentOf = ({ receivedAt: _, by: __, why: ___, startAt, ...content }: GridSignal): string => {
  const asked = { ...content, startAt: content.startsOnArrival ? undefined : startAt };
  return JSON.stringify(Object.entries(asked).sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** The stretches in which an event limited: this version of it, and those before it. One that never became active limited nobody. */
export const spansOf = ({
  signal,
  activatedAt,
  restoredAt = signal.endAt,
  earlier,
}: SignalRecord): readonly EventSpan[] => [
  ...(earlier === undefined ? [] : [{ startAt: earlier.sinceAt, endAt: earlier.untilAt }]),
  ...(activatedAt === undefined ? [] : [{ startAt: activatedAt, endAt: Math.min(restoredAt, signal.endAt) }]),
];

/** What a newer version that comes at an instant is to know of those before it. */
const earlierOf = (known: SignalRecord, at: number): SignalRecord['earlier'] => {
  const { activatedAt, restoredAt = at, earlier } = known;
  return activatedAt === undefined
    ? earlier
    : { sinceAt: limitedSince(activatedAt, spansOf(known)), untilAt: restoredAt };
};

/** Takes a signal in: as the first of its id, as a newer version, or not at all. */
export const registerSignal = (known: SignalRecord | undefined, signal: GridSignal): Registration => {
  const { receivedAt: at } = signal;
  const outbox: readonly SignalChange[] = [{ type: 'Signalled', at }];
  if (known === undefined) {
    const record = { signal, state: 'waiting', rev: 1, toldCount: 0, outbox, registeredAt: at, round: 0 } as const;
    return { kind: 'registered', record };
  }
  const { version } = known.signal;
  if (signal.version < version) return { kind: 'outdated', record: known };
  if (signal.version === version) {
    const isSame = contentOf(signal) === contentOf(known.signal);
    return { kind: isSame ? 'duplicate' : 'contradiction', record: known };
  }
  if (known.state !== 'ended' && scopeOf(signal) !== scopeOf(known.signal)) return { kind: 'moved', record: known };
  const { rev, toldCount } = known;
  const told = { rev: rev + 1, toldCount: toldCount + known.outbox.length, outbox };
  // A newer version of a running signal keeps its baselines in the zone's plan; its own account begins anew.
  const zoneIds = known.state === 'ended' ? undefined : known.zoneIds;
  const more = { ...told, ...omitUndefined({ earlier: earlierOf(known, at), zoneIds }) };
  return { kind: 'registered', record: { signal, state: 'waiting', registeredAt: at, round: 0, ...more } };
};

/** The signal has joined its zone's plan. */
export const activated = (record: SignalRecord, figures: PlanFigures, at: number): SignalRecord => {
  const round = record.round + 1;
  const planned: SignalChange = { type: 'Planned', at, figures, round };
  const missing: SignalChange[] =
    figures.shortfallW > 0 ? [{ type: 'Shortfall', at, missingW: figures.shortfallW }] : [];
  return next(record, { state: 'active', activatedAt: record.activatedAt ?? at, figures, round }, [
    planned,
    ...missing,
  ]);
};

export const dispatched = (
  record: SignalRecord,
  { sentCount, refusedCount }: { readonly sentCount: number; readonly refusedCount: number },
  at: number,
): SignalRecord => {
  const { first = at } = record.sentAt ?? {};
  const sentAt = record.round <= 1 && record.state === 'active' ? { first, last: at } : record.sentAt;
  const told: SignalChange = { type: 'Dispatched', at, round: record.round, sentCount, refusedCount };
  return next(record, omitUndefined({ sentAt }), [told]);
};

/** What became of its stations so far. Unknown (undefined) once its plan has gone on without it: what was last known stays. */
export const counted = (record: SignalRecord, stationCounts: StationCounts | undefined): SignalRecord =>
  stationCounts === undefined ? record : next(record, { stationCounts }, []);

/** A station accepted its limit: the first one counts. */
export const acknowledged = (record: SignalRecord, firstAcceptedAt: number | undefined): SignalRecord =>
  firstAcceptedAt === undefined || record.firstAcceptedAt !== undefined ? record : { ...record, firstAcceptedAt };

/** `missingW`: what stays missing although nothing more can be asked of anybody. */
export const checked = (record: SignalRecord, check: SignalCheck, missingW: number): SignalRecord => {
  const verified: SignalChange = { type: 'Verified', at: check.at, check, round: record.round };
  const missing: SignalChange[] = missingW > 0 ? [{ type: 'Shortfall', at: check.at, missingW }] : [];
  return next(record, { lastCheck: check }, [verified, ...missing]);
};

/** The meters were held against the plan, and others are asked now for what is missing: one write tells both. */
export const replanned = (record: SignalRecord, check: SignalCheck, figures: PlanFigures): SignalRecord => {
  const verified = checked(record, check, 0);
  const { outbox, ...planned } = activated(verified, figures, check.at);
  const { rev, toldCount } = verified;
  return { ...planned, rev, toldCount, outbox: [...verified.outbox, ...outbox] };
};

/** Limits are to be lifted from now on. One that restores already, or has ended, stays as it is. */
export const restored = (record: SignalRecord, by: string, why: string, at: number): SignalRecord =>
  record.state === 'restoring' || record.state === 'ended'
    ? record
    : next(record, { state: 'restoring', restoredAt: at, restoredBy: by, restoredWhy: why }, [
        { type: 'Restored', at, by, why },
      ]);

export const ended = (record: SignalRecord, as: SignalEnd, at: number, reason?: string): SignalRecord =>
  record.state === 'ended'
    ? record
    : next(record, { state: 'ended', endedAs: as, endedAt: at }, [
        { type: 'Completed', at, as, ...omitUndefined({ reason }) },
      ]);
