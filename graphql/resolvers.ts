import type { Resolver } from './resolver.ts';
import { alerts } from './resolvers/alerts.ts';
import { commands } from './resolvers/commands.ts';
import { demandResponse } from './resolvers/demand-response.ts';
import { history } from './resolvers/history.ts';
import { network } from './resolvers/network.ts';
import { sites } from './resolvers/sites.ts';
import { stationRecords } from './resolvers/station-records.ts';

/** Which code answers which field: files of APPSYNC_JS below this folder. lib/ deploys this list, and local/ runs it. */
export const resolvers: readonly Resolver[] = [
  ...network,
  ...history,
  ...alerts,
  ...commands,
  ...stationRecords,
  ...sites,
  ...demandResponse,
];

/** Variables of the API (`ctx.env`) that its code reads, and the table whose name each holds: BatchGetItem wants it spelled out. */
export const environment = { STATIONS_TABLE: 'stations', CONNECTORS_TABLE: 'connectors' } as const;
