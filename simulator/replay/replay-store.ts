import { z } from 'zod';
import { sessionFlags } from '../../domain/kernel/ended-session.ts';
import { fromItem } from '../../local/dynamodb/to-attribute-value.ts';
import { awsJsonCall } from '../../local/http/aws-json-call.ts';
import type { LocalStack } from '../../local/stack/local-stack.ts';
import type { StoredSession } from './replay-report.ts';

/** Where the replay reads back what became of its sessions. */
export type ReplayStore = {
  /** Every session the stores know: ended ones from table sessions, open ones from the live connectors. */
  readonly sessions: (siteIds: readonly string[]) => Promise<StoredSession[]>;
  readonly close: () => void;
};

type StackAccess = Pick<LocalStack, 'endpoints' | 'outputs' | 'region'>;

const Flag = z.enum(sessionFlags);
const Ended = z.object({
  sessionId: z.string(),
  stationId: z.string(),
  transactionId: z.string(),
  tag: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  energyWh: z.number(),
  meterStartWh: z.number().optional(),
  meterStopWh: z.number().optional(),
  curve: z.array(z.tuple([z.number(), z.number()])),
  flags: z.array(Flag),
});
const Page = z.object({ Items: z.array(z.unknown()), LastEvaluatedKey: z.unknown().optional() });

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const Open = z.object({
  sessionId: z.string(),
  stationId: z.string(),
  transactionId: z.string(),
  tag: z.string().nullish(),
  startedAt: instant,
  energyWh: z.number(),
  flags: z.array(Flag),
});
const OpenPage = z.object({
  data: z.object({ activeSessions: z.object({ items: z.array(Open), nextToken: z.string().nullish() }) }),
});

const openQuery = `query Open($siteId: ID!, $nextToken: String) {
  activeSessions(siteId: $siteId, limit: 100, nextToken: $nextToken) {
    items { sessionId stationId transactionId tag startedAt energyWh flags }
    nextToken
  }
}`;

const openAt = async ({ endpoints }: StackAccess, siteId: string): Promise<StoredSession[]> => {
  const found: StoredSession[] = [];
  let nextToken: string | null | undefined;
  do {
    const response = await fetch(endpoints.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': endpoints.apiKey },
      body: JSON.stringify({ query: openQuery, variables: { siteId, nextToken } }),
    });
    const { activeSessions } = OpenPage.parse(await response.json()).data;
    for (const { tag, ...session } of activeSessions.items)
      found.push({ ...session, ...(tag ? { tag } : {}), curve: [[0, 0]] });
    nextToken = activeSessions.nextToken;
  } while (nextToken);
  return found;
};

/** The stores of a local stack. */
export const replayStore = (stack: StackAccess): ReplayStore => {
  const database = awsJsonCall(Number(new URL(stack.endpoints.dynamodb).port), 'dynamodb', stack.region);
  const ended = async (): Promise<StoredSession[]> => {
    const found: StoredSession[] = [];
    let start: unknown;
    do {
      const input = { TableName: stack.outputs.SessionsTable, ConsistentRead: true, ExclusiveStartKey: start };
      const page = Page.parse(await database.call('DynamoDB_20120810.Scan', input));
      found.push(
        ...page.Items.map(fromItem)
          .filter(({ withdrawn }) => withdrawn !== true)
          .map((item) => Ended.parse(item)),
      );
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  };
  return {
    sessions: async (siteIds) => {
      const open = await Promise.all(siteIds.map((siteId) => openAt(stack, siteId)));
      return [...(await ended()), ...open.flat()];
    },
    close: database.close,
  };
};
