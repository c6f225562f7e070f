import './simulated-date.ts';

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { seriesNamed } from '../../domain/windows/series/index.ts';
import { tableNames } from '../../lib/stores/tables.ts';
import { startDynamodb } from '../../local/dynamodb/dynamodb-process.ts';
import { type Item, itemBytes } from './item-bytes.ts';
import { itemsOf } from './items-of.ts';
import type { Kept, Measured } from './measured.ts';
import { startMeteredServices } from './metered-services.ts';
import { meteredStack } from './metered-stack.ts';
import { BEGIN } from './simulated-date.ts';
import { meter, type Usage } from './usage.ts';
import { boot, PERIOD_MS, period } from './workload.ts';

/** node bench/cost/measure.ts CHARGERS WINDOW_STORE: what a fleet uses in one period, as one line of JSON (`Measured`). */
const [chargers = Number.NaN, windowStore = ''] = [Number(process.argv[2]), process.argv[3]];

/** Chargers boot shortly before what is measured: their first statuses settle, and none is silent for long. */
const FROM = BEGIN + HOUR_MS / 6;

const dynamodb = await startDynamodb(0);
await dynamodb.ready;
const used = meter();
const services = await startMeteredServices(dynamodb.port);
const stack = await meteredStack(services, used, windowStore);
const stationIds = Array.from({ length: chargers }, (_, index) => `CP-${String(index + 1).padStart(5, '0')}`);
await stack.register(stationIds);
const boots = stationIds.flatMap((stationId, index) => boot(stationId, BEGIN + index * SECOND_MS));
await stack.live(boots, BEGIN, FROM, true);

/** Items by table: those that are there before are of no period. */
const allItems = async () =>
  new Map(
    await Promise.all(
      tableNames.map(
        async (table) =>
          [table, new Map((await itemsOf(services, table)).map((item) => [JSON.stringify(item), item]))] as const,
      ),
    ),
  );
const before = await allItems();
used.take();
const acts = stationIds.flatMap((stationId, index) => period(stationId, index, FROM));

/** Lives through a part of the period; resolves to what it used. */
const livedThrough = async (fromAt: number, toAt: number): Promise<Usage> => {
  const ofPart = acts.filter(({ at }) => at >= fromAt && (at < toAt || toAt === FROM + PERIOD_MS));
  await stack.live(ofPart, fromAt, toAt, true);
  return used.take();
};
/** The minutes in which the sweep computes the day that has ended. */
const MIDNIGHT_MS = 5 * MINUTE_MS;
const midnight = Math.ceil(FROM / DAY_MS) * DAY_MS;
const evening = await livedThrough(FROM, midnight);
const dayEnd = await livedThrough(midnight, midnight + MIDNIGHT_MS);
const night = await livedThrough(midnight + MIDNIGHT_MS, FROM + PERIOD_MS);
const after = await allItems();

/** Every period has this one's traffic, and one of four has a midnight: in the others its minutes are like those around it. */
const usageOf = (name: string): number => {
  const around = (evening.get(name) ?? 0) + (night.get(name) ?? 0);
  const atMidnight = dayEnd.get(name) ?? 0;
  if (!name.startsWith('sweep-fleet/')) return around + atMidnight;
  const asAround = (around * MIDNIGHT_MS) / (PERIOD_MS - MIDNIGHT_MS);
  const midnights = PERIOD_MS / DAY_MS;
  return around + midnights * atMidnight + (1 - midnights) * asAround;
};
const names = new Set([evening, dayEnd, night].flatMap((part) => [...part.keys()]));

/** Of a row of a whole day a period is only a part. */
const shareOf = ({ series }: Item): number => {
  const { sizeMs = PERIOD_MS } = seriesNamed(String(series?.S ?? '').split('#')[0] ?? '') ?? {};
  return Math.min(1, PERIOD_MS / sizeMs);
};

const kept: Kept[] = [];
for (const [table, items] of after) {
  const known = before.get(table);
  const grown = new Map<string, { items: number; bytes: number }>();
  for (const [text, item] of items) {
    if (known?.has(text)) continue;
    const { expiresAt } = item;
    // Marks of late data and leases are cleared, or written anew: they do not become more.
    if (table === 'timeline' && expiresAt === undefined) continue;
    const days = typeof expiresAt?.N === 'string' ? Math.round((Number(expiresAt.N) * 1000 - FROM) / DAY_MS) : -1;
    const name = `${String(item.series?.S ?? '').split('#')[0]}/${days}`;
    const sum = grown.get(name) ?? { items: 0, bytes: 0 };
    const share = shareOf(item);
    grown.set(name, { items: sum.items + share, bytes: sum.bytes + share * itemBytes(item) });
  }
  for (const [name, { items: count, bytes }] of grown) {
    const [series = '', days] = name.split('/');
    kept.push({ table, series, days: Number(days) < 0 ? undefined : Number(days), items: count, bytes });
  }
}
const connectorBytes = [...(after.get('connectors')?.values() ?? [])].map(itemBytes);
const measured: Measured = {
  chargers,
  usage: [...names].map((name) => [name, usageOf(name)]),
  kept,
  frames: acts.length,
  connectorBytes,
  metrics: [...stack.metrics],
};
await services.stop();
await dynamodb.stop();
process.stdout.write(`${JSON.stringify(measured)}\n`);
process.exit(0);
