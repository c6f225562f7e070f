import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { callPolicies } from '../../aws/call-policy.ts';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { fromAlertItem } from '../../aws/dynamodb/alert-item.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { stationConnectivity } from '../../aws/dynamodb/station-connectivity.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { openWindowStore } from '../../aws/windows/open-window-store.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Connectivity } from '../../domain/station/station.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { PendingMark } from '../../use-cases/ports/dirty-marks.ts';
import type { World } from './world.ts';

/** What the stack shows once the world has come to rest. */
export type Seen = {
  readonly aggregates: readonly StationAggregate[];
  readonly sessions: readonly SessionRecord[];
  readonly marks: readonly PendingMark[];
  readonly alerts: readonly Alert[];
  /** The hostile station, and what is known of any connection. */
  readonly strange: StationAggregate;
  readonly connectivity: (stationId: string) => Promise<Connectivity | undefined>;
  /** Everything in the timeline of a subject. */
  readonly timeline: (subject: string) => Promise<readonly TimelineEntry[]>;
  /** Rows of a series for some of its keys, over the whole run. */
  readonly windows: (series: string, keys: readonly string[]) => Promise<readonly Window[]>;
};

/** Reads the stores as the product does, with nothing in between. */
export const seen = async ({ stack, network, stranger, time, startedAt }: World): Promise<Seen> => {
  const { open, nameOf } = stack;
  const { system } = time;
  const db = documentClient(callPolicies.operator, open);
  const store = aggregateStore({ connectors: nameOf('connectors'), stations: nameOf('stations') }, db);
  const windows = openWindowStore({ kind: 'dynamodb', table: nameOf('windows') }, system, callPolicies.operator, open);
  const alerts: Alert[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: db },
    { TableName: nameOf('alerts'), ConsistentRead: true },
  ))
    alerts.push(...Items.filter(({ alertId }) => alertId !== undefined).map(fromAlertItem));
  const [fromAt, toAt] = [startedAt - 40 * DAY_MS, system.clock() + DAY_MS];
  return {
    aggregates: await Promise.all(network.stations.map(({ stationId }) => store.load(stationId))),
    sessions: await sessionStore(nameOf('sessions'), db).all({ by: 'network', fromAt, toAt }),
    alerts,
    marks: await dirtyMarks(nameOf('timeline'), system, db).pending(1_000),
    strange: await store.load(stranger.stationId),
    connectivity: stationConnectivity(nameOf('stations'), db).newest,
    timeline: async (subject) => {
      const { list } = timeline(nameOf('timeline'), system, db);
      const entries: TimelineEntry[] = [];
      let nextToken: string | undefined;
      do {
        const page = await list(subject, { fromAt, toAt }, { limit: 1_000, ...omitUndefined({ nextToken }) });
        entries.push(...page.items);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return entries;
    },
    windows: (series, keys) => windows.read(series, keys, startedAt - 2 * DAY_MS, toAt),
  };
};
