import { z } from 'zod';
import type { SiteState } from '../domain/site/site-state.ts';
import { fromItem } from './dynamodb/to-attribute-value.ts';
import type { AwsJsonCall } from './http/aws-json-call.ts';

/** What the connectors table says about the network right now. */
export type NetworkStatus = {
  readonly connectors: Readonly<Record<string, number>>;
  readonly activeSessions: number;
  readonly powerKw: number;
};

const Page = z.object({ Items: z.array(z.unknown()), LastEvaluatedKey: z.unknown().optional() });
const Row = z.looseObject({
  status: z.string(),
  session: z.looseObject({ powerW: z.number().nullish() }).nullish(),
});

/** Reads the whole table: fine for a network that fits on one machine. */
export const networkStatus = async (call: AwsJsonCall, connectorsTable: string): Promise<NetworkStatus> => {
  const connectors: Record<string, number> = {};
  let activeSessions = 0;
  let powerW = 0;
  let start: unknown;
  do {
    const page = Page.parse(
      await call('DynamoDB_20120810.Scan', {
        TableName: connectorsTable,
        ProjectionExpression: '#status, #session.powerW, #session.sessionId',
        ExpressionAttributeNames: { '#status': 'status', '#session': 'session' },
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items) {
      const { status, session } = Row.parse(fromItem(item));
      connectors[status] = (connectors[status] ?? 0) + 1;
      if (!session) continue;
      activeSessions += 1;
      powerW += session.powerW ?? 0;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return { connectors, activeSessions, powerKw: powerW / 1_000 };
};

/** One line, busiest status first. */
export const statusLine = (
  counts: {
    readonly connections: number;
    readonly messagesPerSec: number;
    readonly lagMs: number;
    readonly problems: number;
  },
  { connectors, activeSessions, powerKw }: NetworkStatus,
): string => {
  const statuses = Object.entries(connectors)
    .sort(([, left], [, right]) => right - left)
    .map(([status, count]) => `${count} ${status}`);
  return [
    `${counts.connections} connected`,
    `${counts.messagesPerSec.toFixed(1)} messages/s`,
    statuses.length === 0 ? 'no connectors' : statuses.join(', '),
    `${activeSessions} sessions`,
    `${powerKw.toFixed(0)} kW`,
    `lag ${counts.lagMs} ms`,
    ...(counts.problems === 0 ? [] : [`${counts.problems} problems`]),
  ].join(' | ');
};

const kw = (powerW: number): string => (powerW / 1_000).toFixed(0);

/** What a controlled site does with its power, in a few words. */
export const siteStatus = ({ siteId, sessions, budget, meter }: SiteState): string => {
  const limited = sessions.filter(({ accepted }) => accepted !== undefined);
  const limitedW = limited.reduce((sum, { accepted }) => sum + (accepted?.limitW ?? 0), 0);
  const waiting = sessions.filter(({ turn }) => turn.kind !== 'charging').length;
  const cars =
    sessions.length === 0
      ? 'no cars'
      : `${sessions.length} cars, ${limited.length} limited to ${kw(limitedW)} of ${kw(budget?.capacityW ?? 0)} kW`;
  return [
    `${siteId}: ${cars}`,
    ...(waiting === 0 ? [] : [`${waiting} wait`]),
    ...(meter.kind === 'lost' ? ['meter lost'] : []),
  ].join(', ');
};
