import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStack } from '../local/stack/local-stack.ts';
import type { StationRecord } from '../simulator/charge-point/station-record.ts';
import { fleetDifferences } from '../simulator/fleet-differences.ts';
import { replayStore } from '../simulator/replay/replay-store.ts';
import { connectorsOf, graphql } from './graphql.ts';

/**
 * Compares a fleet at rest with what the stack shows, until they agree: what is still on its way arrives within moments.
 * Returns what differs in the end.
 */
export const compareFleet = async (
  stack: Pick<LocalStack, 'endpoints' | 'outputs' | 'region'>,
  siteIds: readonly string[],
  stations: readonly StationRecord[],
  withinMs: number,
): Promise<string[]> => {
  const ask = graphql(stack);
  const store = replayStore(stack);
  const until = performance.now() + withinMs;
  try {
    for (;;) {
      const connectors = await Promise.all(siteIds.map((siteId) => connectorsOf(ask, siteId)));
      const found = fleetDifferences(stations, connectors.flat(), await store.sessions([]));
      if (found.length === 0 || performance.now() > until) return found;
      await sleep(1_000);
    }
  } finally {
    store.close();
  }
};
