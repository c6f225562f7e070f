import { type TableName, type TableShape, tableShapes } from '../../lib/stores/tables.ts';
import type { Deployed } from './deployed.ts';
import type { Kept, Measured } from './measured.ts';
import { type PriceName, prices } from './prices.ts';
import { type Used, usageAt } from './usage.ts';
import { PERIODS_A_MONTH, workload } from './workload.ts';

/** USD a month by what it is for. */
export type Bill = ReadonlyMap<string, number>;

const HOURS = 730;
const MINUTES = 60 * HOURS;
const SECONDS = 60 * MINUTES;
const DAYS = HOURS / 24;
const KEY_BYTES = 120;
/** DynamoDB counts 100 bytes besides for each item, and as many for each entry of an index. */
const ITEM_OVERHEAD_BYTES = 100;

/**
 * Billed time of functions, ms: the CPU that each took in this process, as much longer as its memory gives it less than a core,
 * and what it waits for. Nothing ran on AWS: a round of calls, Kinesis and the bus included, is taken as 5 ms, an invocation as
 * 1 ms of runtime besides.
 */
const ROUND_MS = 5;
const INVOCATION_MS = 1;
/**
 * In a small fleet each charger has a minute of its own in which the sweep works for it, and its rounds add up. In a large one
 * their calls are made side by side, 16 in each segment at least; some ten of a run wait for each other.
 */
const SWEEP_CALLS_AT_ONCE = 16;
const SWEEP_CHAIN = 10;
/** Memory with which a function has one whole core (Lambda developer guide, "Configure function memory"). */
const CORE_MIB = 1_769;
/** A shard takes 1,000 records a second; a mass return after an outage is as many times the steady flow. */
const SHARD_RECORDS_PER_SEC = 1_000;
const RETURN_FACTOR = 20;
/** Lambda reads a shard of Kinesis once a second, one of a table's changes four times. */
const POLLS_PER_SEC = { stream: 1, table: 4 } as const;
const ACCESS_LOG_BYTES = 100;
const TRACED_SHARE = 0.05;
/** Names and bytes of an answer on its way out, with the frame's header. */
const ANSWER_BYTES = 110;
const CUSTOM_METRIC_MONTH = 0.3;
/** Messages of a month at the first price. */
const FIRST_MESSAGES = 1e9;
/** What people set is read by each process of a function once a minute, however much it works: half a unit as long as it is little. */
const settings: readonly string[] = ['settings', 'sites', 'tariffs'];
const SETTINGS_MONTH = 0.5 * MINUTES;

const usd = (name: PriceName, amount: number): number => prices[name].usd * amount;

const shapes: Readonly<Record<string, TableShape>> = tableShapes;
/** Whether a table is of the class for infrequent access. */
const isRare = (table: string): boolean => shapes[table]?.infrequentlyUsed === true;

/** Functions that are invoked for each thing by itself; all others are given batches. */
const gateway = new Set(['answer-ocpp', 'track-connect', 'track-disconnect', 'authorize-station']);
const exportOf: Readonly<Record<string, string>> = {
  'answer-ocpp': 'answer-ocpp.websocket',
  'track-connect': 'track-connection.connect',
  'track-disconnect': 'track-connection.disconnect',
};

const sum = (used: readonly Used[], unit: string, user?: string): number =>
  used.reduce(
    (total, one) => total + (one.unit === unit && (user === undefined || one.user === user) ? one.amount : 0),
    0,
  );

const isSetting = ({ user, unit, on }: Used): boolean =>
  user !== 'sweep-fleet' && unit === 'readUnit' && settings.includes(on);

/** Messages of sockets, a month: those beyond the first thousand million cost less. */
const messagesUsd = (count: number): number =>
  usd('socketMessage', Math.min(count, FIRST_MESSAGES)) +
  usd('socketMessageBeyond', Math.max(0, count - FIRST_MESSAGES));

type Work = { readonly invocations: number; readonly roundsEach: number; readonly cpuMs: number };

/** What so many invocations of a function cost that wait for so many rounds of calls each and take so much of a core together. */
const lambdaUsd = (memoryMiB: number, { invocations, roundsEach, cpuMs }: Work): number => {
  const slowness = Math.max(1, CORE_MIB / memoryMiB);
  const billedMs = invocations * (INVOCATION_MS + roundsEach * ROUND_MS) + cpuMs * slowness;
  return usd('invocation', invocations) + usd('gbSecond', (billedMs / 1000) * (memoryMiB / 1024));
};

/** Batches a month of a source with so many records a month: none while there is nothing to read. */
const batches = (records: number, shards: number, readsPerSec: number): number => {
  const expected = records / SECONDS / (shards * readsPerSec);
  return shards * readsPerSec * SECONDS * -Math.expm1(-expected);
};

const functionsUsd = (used: readonly Used[], { memoryMiB, sources }: Deployed, shards: number): Bill => {
  const bill = new Map<string, number>();
  const add = (line: string, amount: number) => bill.set(line, (bill.get(line) ?? 0) + amount);
  for (const user of new Set(used.filter(({ unit }) => unit === 'invocation').map((one) => one.user))) {
    const memory = memoryMiB.get(exportOf[user] ?? `${user}.handler`) ?? 512;
    const of = (unit: string): number => sum(used, unit, user);
    const [measured, cpuMs] = [of('invocation'), of('cpuMs')];
    const roundsEach = of('rounds') / measured;
    const own = sources.filter((source) => source.user === user);
    const line = gateway.has(user)
      ? 'functions of the gateway'
      : user === 'sweep-fleet'
        ? 'sweep'
        : 'functions behind streams';
    if (own.length === 0) {
      const sideBySide = SWEEP_CHAIN + of('calls') / measured / SWEEP_CALLS_AT_ONCE;
      const rounds = user === 'sweep-fleet' ? Math.min(roundsEach, sideBySide) : roundsEach;
      add(line, lambdaUsd(memory, { invocations: measured, roundsEach: rounds, cpuMs }));
      continue;
    }
    for (const { kind, windowSec } of own) {
      const records = of('records') / own.length;
      const reads = Math.min(POLLS_PER_SEC[kind], 1 / Math.max(windowSec, 1e-9));
      const invocations = Math.min(records, batches(records, kind === 'stream' ? shards : 1, reads));
      add(line, lambdaUsd(memory, { invocations, roundsEach, cpuMs: cpuMs / own.length }));
    }
  }
  return bill;
};

/** Bytes that lie in a table on average in the `month`th month of a steady use. */
const bytesHeld = (
  { table, days, items, bytes }: Kept,
  month: number,
): { readonly items: number; readonly indexes: number } => {
  const shape: TableShape = tableShapes[table];
  const heldDays = Math.min(days ?? Number.POSITIVE_INFINITY, (month - 0.5) * DAYS);
  const periods = (heldDays / DAYS) * PERIODS_A_MONTH;
  const copies = Object.keys(shape.indexes ?? {}).length;
  const copy = shape.projection === 'ALL' ? bytes : items * KEY_BYTES;
  return {
    items: periods * (bytes + items * ITEM_OVERHEAD_BYTES),
    indexes: periods * copies * (copy + items * ITEM_OVERHEAD_BYTES),
  };
};

/** Tables whose items change and do not become more. */
const live: readonly TableName[] = ['stations', 'connectors'];

const storageUsd = (kept: readonly Kept[], { restorable }: Deployed, month: number): Bill => {
  const bill = new Map<string, number>();
  for (const one of kept) {
    const { items, indexes } = live.includes(one.table)
      ? { items: one.bytes, indexes: one.items * 5 * (KEY_BYTES + ITEM_OVERHEAD_BYTES) }
      : bytesHeld(one, month);
    const amount =
      usd(isRare(one.table) ? 'rareTableGbMonth' : 'tableGbMonth', (items + indexes) / 1e9) +
      (restorable.has(one.table) ? usd('recoveryGbMonth', items / 1e9) : 0);
    const line = `storage of ${one.table}`;
    bill.set(line, (bill.get(line) ?? 0) + amount);
  }
  return bill;
};

/** What a fleet keeps, from what two fleets kept: as for usage, what grows with chargers and what does not. */
const keptAt = (small: Measured, large: Measured, chargers: number): readonly Kept[] => {
  const nameOf = ({ table, series, days }: Kept): string => `${table}/${series}/${days ?? ''}`;
  const few = new Map(small.kept.map((one) => [nameOf(one), one]));
  return large.kept.map((many) => {
    const before = few.get(nameOf(many)) ?? { items: 0, bytes: 0 };
    const scaled = (of: 'items' | 'bytes'): number => {
      const each = Math.max(0, (many[of] - before[of]) / (large.chargers - small.chargers));
      return Math.max(0, before[of] - each * small.chargers) + each * chargers;
    };
    return { ...many, items: scaled('items'), bytes: scaled('bytes') };
  });
};

const usageOf = ({ chargers, usage }: Measured) => ({ chargers, usage: new Map(usage) });

/** What one month of a stage costs, line by line, USD: `month` 1 begins with empty tables. */
export const bill = (small: Measured, large: Measured, stage: Deployed, chargers: number, month: number): Bill => {
  const used = usageAt(usageOf(small), usageOf(large), chargers).map((one) => ({
    ...one,
    amount: isSetting(one) ? Math.min(SETTINGS_MONTH, one.amount * PERIODS_A_MONTH) : one.amount * PERIODS_A_MONTH,
  }));
  const records = sum(used, 'putUnit');
  const wanted = Math.ceil((records / SECONDS) * (RETURN_FACTOR / SHARD_RECORDS_PER_SEC));
  const lines = new Map<string, number>();
  const add = (line: string, amount: number) => {
    if (amount > 0) lines.set(line, (lines.get(line) ?? 0) + amount);
  };
  const addAll = (some: Bill) => {
    for (const [line, amount] of some) add(line, amount);
  };

  add('connection minutes', usd('connectionMinute', chargers * MINUTES));
  add('messages', messagesUsd(sum(used, 'socketMessage')));
  addAll(functionsUsd(used, stage, Math.max(stage.streams[0]?.shards ?? 1, wanted)));
  for (const [index, { shards, retentionHours }] of stage.streams.entries()) {
    const count = index === 0 ? Math.max(shards, wanted) : shards;
    add('shards', usd('shardHour', count * HOURS));
    if (retentionHours > 24) add('retention of the stream', usd('extendedShardHour', count * HOURS));
  }
  // A consumer with enhanced fan-out costs as much as a shard, per shard (and $0.013 per GB, which nobody notices here).
  add('shards', usd('shardHour', stage.fanOuts * HOURS));
  add('records put', usd('putUnit', records));
  for (const { user, unit, on, amount } of used) {
    const isSweep = user === 'sweep-fleet' && on !== 'windows';
    if (unit === 'writeUnit')
      add(isSweep ? 'sweep' : `writes to ${on}`, usd(isRare(on) ? 'rareWriteUnit' : 'writeUnit', amount));
    if (unit === 'readUnit') add(isSweep ? 'sweep' : 'reads', usd(isRare(on) ? 'rareReadUnit' : 'readUnit', amount));
    if (unit === 'objectListing') add('sweep', usd('objectListing', amount));
    if (unit === 'event') add('events', usd('event', amount));
    if (unit === 'archivedGb') add('events', usd('archivedGb', amount) + usd('archiveGbMonth', amount));
    if (unit === 'queueRequest') add('commands: queue', usd('queueRequest', amount));
    if (unit === 'logGb') add('logs', usd('logGb', amount));
    if (unit === 'edgeFunction' || unit === 'edgeRequest') add('front door', usd(unit, amount));
  }
  const messages = sum(used, 'socketMessage');
  add('logs', usd('logGb', (sum(used, 'accessLog') * ACCESS_LOG_BYTES) / 1e9));
  add('front door', usd('edgeGb', (messages * ANSWER_BYTES) / 2 / 1e9));
  add('sweep', usd('schedule', MINUTES));
  if (stage.traced) add('traces', usd('trace', TRACED_SHARE * sum(used, 'invocation')));
  add('alarms', usd('alarmMonth', stage.alarmMetrics));
  if (stage.tellsMetrics) add('custom metrics', CUSTOM_METRIC_MONTH * large.metrics.length);
  add('customer keys', usd('keyMonth', stage.customerKeys));
  addAll(storageUsd(keptAt(small, large, chargers), stage, month));
  return new Map([...lines].toSorted(([, a], [, b]) => b - a));
};

export const total = (lines: Bill): number => [...lines.values()].reduce((sum, amount) => sum + amount, 0);

/** Messages of a charger that answer or are answered, a month. */
const callsOf = (large: Measured): number =>
  (large.usage.reduce(
    (calls, [name, amount]) => calls + (name === 'gateway/socketMessage/from chargers' ? amount : 0),
    0,
  ) /
    large.chargers) *
  PERIODS_A_MONTH;

/** The least such traffic can cost on a WebSocket API: connection minutes, two messages a call, one record, one write. USD per charger. */
export const floor = (large: Measured): number => {
  const calls = callsOf(large);
  return (
    usd('connectionMinute', MINUTES) + usd('socketMessage', 2 * calls) + usd('putUnit', calls) + usd('writeUnit', calls)
  );
};

/**
 * The same traffic without thought, USD per charger: every heartbeat sent; each call with an invocation of 50 ms at 1 GB for the
 * gateway and one for a consumer, a write of two units with two indexes, a row of a window, an event and 1.3 kB of log.
 */
export const naive = (large: Measured): number => {
  const heartbeats = (HOURS * 3_600) / 300;
  const calls = callsOf(large) + heartbeats;
  const invocation = usd('invocation', 1) + usd('gbSecond', 0.05);
  const each =
    usd('socketMessage', 2) +
    2 * invocation +
    usd('putUnit', 1) +
    usd('writeUnit', 4) +
    usd('event', 1) +
    usd('logGb', 1.3e-6);
  const rows = workload.sessionsPerDay * DAYS * 45;
  return usd('connectionMinute', MINUTES) + calls * each + usd('writeUnit', 3 * rows);
};
