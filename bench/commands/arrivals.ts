import type { Payload } from '../../ocpp/payload.ts';

/** A call that reached a station, at `performance.now()`. */
export type Arrival = {
  readonly stationId: string;
  readonly action: string;
  readonly payload: Payload;
  readonly at: number;
};

/** Calls that reached their stations, and whoever waits for them. */
export type Arrivals = {
  /** All so far, in the order of their arrival. */
  readonly seen: readonly Arrival[];
  readonly arrived: (arrival: Arrival) => void;
  /** Resolves when enough have arrived. Throws NothingArrived when nothing has for two minutes. */
  readonly until: (isEnough: () => boolean) => Promise<void>;
  /** The first call of an action that reaches a station from now on. */
  readonly next: (stationId: string, action: string) => Promise<Arrival>;
};

/** Calls that were waited for did not come. */
export class NothingArrived extends Error {
  override readonly name = 'NothingArrived';
}

const GIVE_UP_MS = 120_000;

export const arrivals = (): Arrivals => {
  const seen: Arrival[] = [];
  const waiting = new Set<() => void>();
  let latestAt = performance.now();

  const until: Arrivals['until'] = async (isEnough) => {
    latestAt = performance.now();
    while (!isEnough()) {
      if (performance.now() > latestAt + GIVE_UP_MS)
        throw new NothingArrived(`Only ${seen.length} calls arrived in time`);
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        setTimeout(resolve, 1_000).unref();
      });
    }
  };

  return {
    seen,
    arrived: (arrival) => {
      seen.push(arrival);
      latestAt = arrival.at;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    until,
    next: async (stationId, action) => {
      let looked = seen.length;
      let found: Arrival | undefined;
      await until(() => {
        for (; found === undefined && looked < seen.length; looked += 1)
          if (seen[looked]?.stationId === stationId && seen[looked]?.action === action) found = seen[looked];
        return found !== undefined;
      });
      if (found === undefined) throw new Error('It was there a moment ago');
      return found;
    },
  };
};
