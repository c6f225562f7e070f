import { unreachable } from '../kernel/unreachable.ts';
import { limitKey } from './limit-source.ts';
import { type SiteLimitSet, type SiteSignal, signalSubject } from './site-signal.ts';
import { evsePath, type SiteState, type Wishes } from './site-state.ts';
import { isReplaced, standingLimits } from './standing-limits.ts';

const wishFields = { BidSet: 'bid', PrioritySet: 'priority', DepartureSet: 'departure', OptOutSet: 'optOut' } as const;

/** EVSEs drivers may say something about before a car is there. */
const MOST_WISHES = 400;

const replaces = (signal: SiteSignal, known: { readonly at: number } | undefined): boolean =>
  known === undefined || known.at < signal.at;

/** Limits that are over are of no use to anybody, and stations have as many as there were events: they are taken off here too. */
const withLimit = (state: SiteState, signal: SiteLimitSet): SiteState => {
  const { limits, limitsOver = {}, ...others } = state;
  const key = limitKey(signal);
  const known = limits.filter((limit) => limitKey(limit) === key);
  // An earlier version kept of limits that were over what they were about, not whose they were.
  const overAt = limitsOver[key] ?? limitsOver[signalSubject(signal)];
  // One of the same instant that was yet to begin when it came is another part of what was said at once.
  const isOfPlan = signal.at === overAt && signal.from > signal.receivedAt;
  if (overAt !== undefined && signal.at <= overAt && !isOfPlan) return state;
  const isSame = (limit: SiteLimitSet): boolean => limit.at === signal.at && limit.from === signal.from;
  if (known.some((limit) => isSame(limit) || isReplaced(signal, limit, signal.receivedAt))) return state;
  return {
    ...others,
    ...standingLimits({ limits: [...limits, signal], limitsOver }, Math.min(signal.at, signal.receivedAt)),
  };
};

/** A site that takes in a signal; one that is not later than what is known of its subject changes nothing. */
export const withSignal = (state: SiteState, signal: SiteSignal): SiteState => {
  switch (signal.type) {
    case 'SiteDemandMeasured':
      return replaces(signal, state.demand) ? { ...state, demand: signal } : state;
    case 'PricesPublished':
      return replaces(signal, state.prices) ? { ...state, prices: signal } : state;
    case 'SiteLimitSet':
      return withLimit(state, signal);
    case 'BidSet':
    case 'PrioritySet':
    case 'DepartureSet':
    case 'OptOutSet': {
      const path = evsePath(signal);
      const wishes = state.wishes[path] ?? {};
      const field = wishFields[signal.type];
      if (!replaces(signal, wishes[field])) return state;
      const others = Object.entries(state.wishes).filter(([key]) => key !== path);
      const kept: Readonly<Record<string, Wishes>> = Object.fromEntries(others.slice(-(MOST_WISHES - 1)));
      return { ...state, wishes: { ...kept, [path]: { ...wishes, [field]: signal } } };
    }
    default:
      return unreachable(signal);
  }
};
