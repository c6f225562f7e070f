import { sessionStore } from '../aws/dynamodb/session-store.ts';
import { timeline } from '../aws/dynamodb/timeline.ts';
import { openWindowStore, windowStoreChoice } from '../aws/windows/open-window-store.ts';
import { system } from '../runtime/system.ts';
import { stationId, tag } from './charging-session.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EARLIEST_INSTANT_MS = Date.UTC(2020, 0, 1);

/** What a session left behind, read from where its readers would read it. Equal for two stacks that do the same. */
export type Outcome = Readonly<Record<string, unknown>>;

const isoInstant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** ms since the epoch, of a number or a text that is an instant. */
const instantOf = (value: unknown): number | undefined => {
  if (typeof value === 'string' && isoInstant.test(value)) return Date.parse(value);
  return typeof value === 'number' && value > EARLIEST_INSTANT_MS ? value : undefined;
};

/**
 * Ids are of each run and left out. Instants the charger told are full minutes, and count from the start of the session; the
 * hour it lies in begins before, by what differs from run to run; any other instant is one of receipt.
 */
export const comparable = (value: unknown, startedAt: number): unknown => {
  const at = instantOf(value);
  if (at !== undefined && at < startedAt && at % HOUR_MS === 0) return 'the full hour before';
  if (at !== undefined) return at % MINUTE_MS === 0 ? `minute ${(at - startedAt) / MINUTE_MS}` : 'when it was received';
  if (Array.isArray(value)) return value.map((one) => comparable(one, startedAt));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !ofTheRun.has(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, comparable(one, startedAt)]).toSorted());
};

const ofTheRun = new Set([
  'account',
  'bootAt',
  'causationId',
  'connectedAt',
  'connectionId',
  'currentTime',
  'guard',
  'id',
  'lastSeenAt',
  'messageId',
  'receivedAt',
  'region',
  'rev',
  'sessionId',
  'since',
  'source',
  'time',
  'transactionId',
  'version',
]);

/** What the stack knows of the session by now. */
export const outcome = async (
  stack: RehearsedStack,
  answers: readonly unknown[],
  startedAt: number,
): Promise<Outcome> => {
  const range = { fromAt: startedAt - HOUR_MS, toAt: startedAt + HOUR_MS };
  const sessions = sessionStore(stack.output('SessionsTable'));
  const lines = timeline(stack.output('TimelineTable'), system);
  const windows = openWindowStore(windowStoreChoice(stack.output('WindowStore')), system);
  const connector = `${stationId}#1#1`;
  const events = await stack.events();
  const found = {
    answers,
    sessions: await sessions.all({ by: 'tag', value: tag, ...range }),
    timeline: (await lines.list(connector, range, { limit: 100 })).items,
    minutes: await windows.read('connector_1m', [connector], range.fromAt, range.toAt),
    events: events
      .map(({ detail, 'detail-type': type }) => ({ type, detail }))
      .filter(({ type }) => type !== 'StationRegistered')
      .map(({ type, detail }) => ({ type, detail: comparable(detail, startedAt) }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
  return Object(comparable(found, startedAt));
};
