import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { timestreamEndpoint } from './timestream-endpoint.ts';
import { timestreamDatabaseKind, timestreamTable, timestreamTableSetup } from './timestream-table.ts';

/** Timestream over DuckDB. */
export const timestream: LocalService = {
  name: 'timestream',
  kinds: [timestreamDatabaseKind, timestreamTable],
  start: async ({ system, deployment, onStop, open }) => {
    deployment.all(timestreamDatabaseKind);
    const tables = deployment
      .all(timestreamTable)
      .map(({ logicalId, properties }) =>
        timestreamTableSetup(deployment.physical(logicalId).attributes.Name ?? '', properties),
      );
    const { server, close } = await timestreamEndpoint(tables, system.clock);
    onStop(close);
    const url = urlAt(await open(server));
    return { environment: { AWS_ENDPOINT_URL_TIMESTREAM_QUERY: url, AWS_ENDPOINT_URL_TIMESTREAM_WRITE: url } };
  },
};
