import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { NeviReport } from '../../domain/uptime/nevi-report.ts';
import type { UkReport } from '../../domain/uptime/uk-report.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import { reportedStations } from '../../use-cases/query-history/reported-stations.ts';
import { uptimeReport } from '../../use-cases/query-history/uptime-report.ts';
import type { DeclaredExclusion } from '../actors/actor.ts';
import { dayStart, monthOf } from '../world/local-clock.ts';
import type { Seen } from '../world/seen.ts';
import { type ShownStatuses, type Stretch, shownStatuses, timeIn } from '../world/shown-statuses.ts';
import type { World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

/** A day is on record by then. */
const SETTLED_MS = 10 * MINUTE_MS;
/** Sums of fractions of minutes. */
const NEGLIGIBLE_MIN = 0.001;
const NEGLIGIBLE_PERCENT = 1e-6;
/** 23 CFR 680.116: each port above; SI 2023/1168: all points of 50 kW and more together. */
const NEVI_PERCENT = 97;
const RAPID_W = 50_000;

type Amount = readonly [least: number, most: number];
type Span = { readonly fromAt: number; readonly toAt: number };

/** Minutes of a port over a time, from its charger's own word and from what was declared about it. */
type Account = {
  readonly minutes: number;
  readonly closedMin: number;
  readonly down: Amount;
  readonly unknown: Amount;
  readonly excludedDown: Amount;
  readonly excludedUnknown: Amount;
};

const NONE: Amount = [0, 0];
const plus = ([a, b]: Amount, [c, d]: Amount): Amount => [a + c, b + d];
const downWords = ['unavailable', 'faulted'];

const accountOf = (
  stretches: readonly Stretch[],
  exclusions: readonly DeclaredExclusion[],
  { fromAt, toAt }: Span,
): Account => {
  const edges = [fromAt, toAt, ...exclusions.flatMap((one) => [one.fromAt, one.toAt])]
    .filter((at) => at >= fromAt && at <= toAt)
    .sort((a, b) => a - b);
  let account: Account = {
    minutes: (toAt - fromAt) / MINUTE_MS,
    closedMin: 0,
    ...{ down: NONE, unknown: NONE, excludedDown: NONE, excludedUnknown: NONE },
  };
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const span = { fromAt: start, toAt: edges[index + 1] ?? start };
    const covering = exclusions.filter((one) => one.fromAt <= start && one.toAt > start);
    if (covering.some(({ reason }) => reason === 'closedHours')) {
      account = { ...account, closedMin: account.closedMin + (span.toAt - span.fromAt) / MINUTE_MS };
      continue;
    }
    const inMinutes = ([least, most]: Amount): Amount => [least / MINUTE_MS, most / MINUTE_MS];
    const down = inMinutes(timeIn(stretches, downWords, span));
    const unknown = inMinutes(timeIn(stretches, ['unknown'], span));
    account = {
      ...account,
      down: plus(account.down, down),
      unknown: plus(account.unknown, unknown),
      ...(covering.length > 0 && {
        excludedDown: plus(account.excludedDown, down),
        excludedUnknown: plus(account.excludedUnknown, unknown),
      }),
    };
  }
  return account;
};

const isAbout = (value: number, [least, most]: Amount, negligible = NEGLIGIBLE_MIN): boolean =>
  value >= least - negligible && value <= most + negligible;

const exactly = (value: number): Amount => [value, value];

/** The days of a site that were over, from when its stations went into service. */
const daysOf = (timeZone: string, fromAt: number, now: number): readonly (Span & { readonly dayAt: number })[] => {
  const days = [];
  for (let dayAt = dayStart(timeZone, fromAt); ; ) {
    const toAt = dayStart(timeZone, dayAt + DAY_MS + 6 * HOUR_MS);
    if (toAt > now - SETTLED_MS) return days;
    days.push({ dayAt, fromAt: Math.max(fromAt, dayAt), toAt });
    dayAt = toAt;
  }
};

const exclusionsOf = (
  { asked }: World,
  { stationId, evseId, connectorId }: ShownStatuses,
): readonly DeclaredExclusion[] =>
  asked
    .flatMap((one) => (one.kind === 'exclusions' && one.stationId === stationId ? [one.exclusions] : []))
    .at(-1)
    ?.filter(({ connectorKey }) => connectorKey === undefined || connectorKey === `${evseId}#${connectorId}`) ?? [];

const differing = (of: string, told: Readonly<Record<string, number>>, wanted: Readonly<Record<string, Amount>>) =>
  Object.entries(wanted).flatMap(([name, amount]) =>
    isAbout(told[name] ?? 0, amount, name.endsWith('Percent') ? NEGLIGIBLE_PERCENT : NEGLIGIBLE_MIN)
      ? []
      : [`${of}: ${name} is ${told[name] ?? 0}, by its charger ${amount.join(' to ')}`],
  );

/** A port over all its days. */
type Port = Span & { readonly account: Account; readonly ratedW: number; readonly stationId: string };

const minus = ([a, b]: Amount, [c, d]: Amount): Amount => [a - d, b - c];

/** What part of some minutes was not lost, percent. */
const percentOf = ([least, most]: Amount, ofMin: number): Amount => [
  Math.max(0, 100 * (1 - most / ofMin)),
  Math.max(0, 100 * (1 - Math.max(0, least) / ofMin)),
];

const neviProblems = ({ ports }: NeviReport, known: ReadonlyMap<string, Port>): readonly string[] =>
  ports.flatMap((port) => {
    const one = known.get(port.connector);
    if (one === undefined) return [];
    const { minutes, down, unknown, excludedDown, excludedUnknown } = one.account;
    const [outage, excluded] = [plus(down, unknown), plus(excludedDown, excludedUnknown)];
    const {
      outageMin,
      excludedMin,
      coveredMin,
      unmeasuredMin,
      uptimePercent = -1,
      withoutExclusionsPercent = -1,
    } = port;
    const percent = percentOf(minus(outage, excluded), minutes);
    const isSure = percent[0] > NEVI_PERCENT || percent[1] < NEVI_PERCENT;
    return [
      ...differing(
        `NEVI ${port.connector}`,
        { outageMin, excludedMin, coveredMin, unmeasuredMin, uptimePercent, withoutExclusionsPercent },
        {
          outageMin: outage,
          excludedMin: excluded,
          coveredMin: exactly(minutes),
          unmeasuredMin: exactly(0),
          uptimePercent: percent,
          withoutExclusionsPercent: percentOf(outage, minutes),
        },
      ),
      ...(isSure && port.compliant !== percent[0] > NEVI_PERCENT ? [`NEVI ${port.connector}: ${port.compliant}`] : []),
    ];
  });

const ukProblems = (
  { points, pooledPercent = -1, unknownAsDownPercent = -1 }: UkReport,
  known: ReadonlyMap<string, Port>,
  isEveryPointKnown: boolean,
): readonly string[] => {
  const rapid = [...known].filter(([, { ratedW }]) => ratedW >= RAPID_W);
  const told = new Map(points.map((point) => [point.connector, point]));
  const accessibleOf = ({ account }: Port): number => account.minutes - account.closedMin;
  const ofPoints = rapid.flatMap(([key, port]) => {
    const point = told.get(key);
    if (point === undefined) return [`UK: ${key} is missing`];
    const { accessibleMin, downMin, excludedMin, unknownMin, unmeasuredMin } = point;
    const { down, unknown, excludedDown } = port.account;
    return differing(
      `UK ${key}`,
      { accessibleMin, downMin, excludedMin, unknownMin, unmeasuredMin },
      {
        accessibleMin: exactly(accessibleOf(port)),
        downMin: down,
        excludedMin: excludedDown,
        unknownMin: unknown,
        unmeasuredMin: exactly(0),
      },
    );
  });
  const accessibleMin = rapid.reduce((sum, [, port]) => sum + accessibleOf(port), 0);
  if (!isEveryPointKnown || accessibleMin === 0) return ofPoints;
  const sumOf = (of: (account: Account) => Amount): Amount =>
    rapid.reduce<Amount>((sum, [, { account }]) => plus(sum, of(account)), NONE);
  const down = sumOf((one) => minus(one.down, one.excludedDown));
  const unknown = sumOf((one) => minus(one.unknown, one.excludedUnknown));
  return [
    ...ofPoints,
    ...differing(
      'UK',
      { pooledPercent, unknownAsDownPercent },
      {
        pooledPercent: percentOf(down, accessibleMin),
        unknownAsDownPercent: percentOf(plus(down, unknown), accessibleMin),
      },
    ),
  ];
};

/** Where the legal reports of the month of a run differ from the accounts of its ports. */
const reportProblems = async (
  { time, doubts, network }: World,
  known: ReadonlyMap<string, Port>,
  registry: Pick<StationRegistry, 'find' | 'list' | 'former'>,
  windows: Seen['windows'],
): Promise<readonly string[]> => {
  const ports = [...known.values()];
  if (ports.length === 0) return [];
  const now = time.clock.now();
  const month = monthOf('UTC', now);
  const begunAt = Date.parse(`${month}-01T12:00:00Z`);
  const isWhole = ports.every(({ fromAt }) => fromAt > begunAt);
  // Reports of a month that begins within the run leave some of it out; and a day may end while they are asked for.
  const isDayNew = network.stations.some(({ timeZone }) => dayStart(timeZone, now) > now - SETTLED_MS);
  if (!isWhole || isDayNew) return [];
  const read = { read: (series: string, keys: readonly string[]) => windows(series, keys) };
  const problems: string[] = [];
  for (const rule of ['nevi', 'uk'] as const) {
    const stations = await reportedStations(registry, undefined, { rule, month });
    const report = await uptimeReport(read, stations, { rule, month, now });
    const isEveryPointKnown = ![...doubts.values()].some((doubted) => doubted.has('clock'));
    problems.push(
      ...(report.rule === 'nevi' ? neviProblems(report, known) : ukProblems(report, known, isEveryPointKnown)),
    );
  }
  return problems;
};

export const uptimeEqualsRecord: Invariant = {
  name: 'uptime-equals-record',
  about:
    'The days of uptime, and the legal reports made of them, say of each port how long it was out of order and out of reach by the word of its charger, and what of that was excluded.',
  check: async (world, { windows }) => {
    const { network, stranger, stack, time } = world;
    const now = time.clock.now();
    const registry = stationRegistry(
      stack.nameOf('stations'),
      time.system,
      documentClient(callPolicies.operator, stack.open),
    );
    const registered = new Map((await registry.list()).map((one) => [one.stationId, one]));
    const stations = new Map([...network.stations, stranger].map((station) => [station.stationId, station]));
    const problems: string[] = [];
    const ports = new Map<string, Port>();
    for (const one of shownStatuses(world)) {
      const station = stations.get(one.stationId);
      const fromAt = registered.get(one.stationId)?.commissionedAt;
      if (station === undefined || fromAt === undefined) continue;
      const key = `${one.stationId}#${one.evseId}#${one.connectorId}`;
      const days = daysOf(station.timeZone, fromAt, now);
      const [first, last] = [days[0], days.at(-1)];
      if (first === undefined || last === undefined) continue;
      const exclusions = exclusionsOf(world, one);
      const rows = new Map((await windows('uptime_1d', [key])).map((row) => [row.startAt, row.measures] as const));
      for (const { dayAt, ...day } of days) {
        const at = `${key} ${new Date(dayAt).toISOString()}`;
        const { minutes = 0, closedMin = 0, upMin = 0, downMin = 0, unknownMin = 0, ...more } = rows.get(dayAt) ?? {};
        const { excludedDownMin = 0, excludedUnknownMin = 0 } = more;
        const account = accountOf(one.stretches, exclusions, day);
        const whole = closedMin + upMin + downMin + unknownMin;
        if (!isAbout(whole, exactly(minutes))) problems.push(`${at}: ${whole} of ${minutes} minutes are told`);
        problems.push(
          ...differing(
            at,
            { minutes, closedMin, downMin, unknownMin, excludedDownMin, excludedUnknownMin },
            {
              minutes: exactly(account.minutes),
              closedMin: exactly(account.closedMin),
              downMin: account.down,
              unknownMin: account.unknown,
              excludedDownMin: account.excludedDown,
              excludedUnknownMin: account.excludedUnknown,
            },
          ),
        );
      }
      const span = { fromAt: first.fromAt, toAt: last.toAt };
      const rating = station.connectors.find(
        ({ evseId, connectorId }) => evseId === one.evseId && connectorId === one.connectorId,
      );
      const account = accountOf(one.stretches, exclusions, span);
      ports.set(key, { ...span, account, ratedW: rating?.ratedW ?? 0, stationId: one.stationId });
    }
    problems.push(...(await reportProblems(world, ports, registry, windows)));
    return problems;
  },
};
