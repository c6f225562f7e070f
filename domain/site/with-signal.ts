import { unreachable } from '../kernel/unreachable.ts';
import { type SiteSignal, signalSubject } from './site-signal.ts';
import { evsePath, type SiteState, type Wishes } from './site-state.ts';

const wishFields = { BidSet: 'bid', PrioritySet: 'priority', DepartureSet: 'departure', OptOutSet: 'optOut' } as const;

/** EVSEs drivers may say something about before a car is there. */
const MOST_WISHES = 400;

/** A site that takes in a signal; one that is not later than what is known of its subject changes nothing. */
export const withSignal = (state: SiteState, signal: SiteSignal): SiteState => {
  const replaces = (known: SiteSignal | undefined): boolean => known === undefined || known.at < signal.at;
  switch (signal.type) {
    case 'SiteDemandMeasured':
      return replaces(state.demand) ? { ...state, demand: signal } : state;
    case 'PricesPublished':
      return replaces(state.prices) ? { ...state, prices: signal } : state;
    case 'SiteLimitSet': {
      const subject = signalSubject(signal);
      const known = state.limits.find((limit) => signalSubject(limit) === subject);
      if (!replaces(known)) return state;
      // One that is over is of no use to anybody; stations have as many as there were events.
      const others = state.limits.filter((limit) => limit !== known && (limit.to ?? signal.at) >= signal.at);
      return { ...state, limits: [...others, signal] };
    }
    case 'BidSet':
    case 'PrioritySet':
    case 'DepartureSet':
    case 'OptOutSet': {
      const path = evsePath(signal);
      const wishes = state.wishes[path] ?? {};
      const field = wishFields[signal.type];
      if (!replaces(wishes[field])) return state;
      const others = Object.entries(state.wishes).filter(([key]) => key !== path);
      const kept: Readonly<Record<string, Wishes>> = Object.fromEntries(others.slice(-(MOST_WISHES - 1)));
      return { ...state, wishes: { ...kept, [path]: { ...wishes, [field]: signal } } };
    }
    default:
      return unreachable(signal);
  }
};
