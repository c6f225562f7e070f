import { z } from 'zod';
import type { LocalStack } from '../local/stack/local-stack.ts';
import type { SeenConnector } from '../simulator/fleet-differences.ts';

const Answer = z.object({ data: z.unknown(), errors: z.array(z.object({ message: z.string() })).optional() });

export type Ask = (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Asks the stack's GraphQL endpoint; throws the first error it names. */
export const graphql =
  ({ endpoints }: Pick<LocalStack, 'endpoints'>): Ask =>
  async (query, variables = {}) => {
    const response = await fetch(endpoints.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': endpoints.apiKey },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = Answer.parse(await response.json());
    if (errors?.[0]) throw new Error(errors[0].message);
    return data;
  };

const Page = z.object({
  connectors: z.object({
    items: z.array(
      z.object({
        stationId: z.string(),
        evseId: z.number(),
        connectorId: z.number(),
        status: z.string(),
        session: z.object({ transactionId: z.string(), energyWh: z.number() }).nullable(),
      }),
    ),
    nextToken: z.string().nullish(),
  }),
});
const query = `query Site($siteId: ID!, $nextToken: String) {
  connectors(filter: { siteId: $siteId }, limit: 100, nextToken: $nextToken) {
    items { stationId evseId connectorId status session { transactionId energyWh } }
    nextToken
  }
}`;

/** All connectors of a site, page by page. */
export const connectorsOf = async (ask: Ask, siteId: string): Promise<SeenConnector[]> => {
  const found: SeenConnector[] = [];
  let nextToken: string | null | undefined;
  do {
    const { connectors } = Page.parse(await ask(query, { siteId, nextToken }));
    found.push(...connectors.items);
    nextToken = connectors.nextToken;
  } while (nextToken);
  return found;
};
