import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { DAY_MS, HOUR_MS } from '../../domain/kernel/durations.ts';
import type { Window } from '../../domain/windows/window.ts';
import { queryRevenue } from '../../use-cases/query-history/query-revenue.ts';
import { type Amount, expectedPrice } from '../world/expected-price.ts';
import { type Metered, meteredSessions } from '../world/metered-sessions.ts';
import type { Seen } from '../world/seen.ts';
import { tariffsFor } from '../world/tariffs-for.ts';
import type { World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

/** Sums of rounded numbers, Wh, and what the curve of a session may be off its readings. */
const NEGLIGIBLE_WH = 0.01;
const OFF_WH = 1;

const hourOf = (at: number): number => at - (at % HOUR_MS);

/** Money by currency, hundredths. */
const sumOf = (some: readonly { readonly currency: string; readonly minor: number }[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { currency, minor } of some) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return sums;
};

const pricesOf = (sessions: Seen['sessions']): ReadonlyMap<string, number> =>
  sumOf(sessions.flatMap(({ cost }) => (cost ? [{ currency: cost.currency, minor: cost.totalMinor }] : [])));

/** What rows say of money, by currency, hundredths. */
const moneyIn = (rows: readonly Window[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { labels, measures } of rows)
    for (const [name, value = 0] of Object.entries(measures)) {
      const [measure, currency = labels.currency ?? ''] = name.split('.');
      if (measure === 'revenueMinor' && value !== 0) sums.set(currency, (sums.get(currency) ?? 0) + value);
    }
  return sums;
};

const shown = (money: ReadonlyMap<string, number>): string =>
  [...money]
    .filter(([, minor]) => minor !== 0)
    .sort()
    .map(([currency, minor]) => `${minor} ${currency}`)
    .join(', ') || 'nothing';

/** Energy that had flowed by an instant, in a straight line between readings, Wh. */
const energyBy = ({ readings }: Metered, at: number): number => {
  const next = readings.findIndex((reading) => reading.at >= at);
  const [end, start] = [readings[next], readings[next - 1]];
  if (end === undefined) return readings.at(-1)?.energyWh ?? 0;
  if (start === undefined) return 0;
  return start.energyWh + ((end.energyWh - start.energyWh) * (at - start.at)) / (end.at - start.at);
};

/** Where what is asked for of a site does not come to its sessions. */
const siteProblems = async (
  { network, stack, time, startedAt }: World,
  { aggregates, sessions }: Seen,
): Promise<readonly string[]> => {
  const { nameOf, open } = stack;
  const db = documentClient(callPolicies.operator, open);
  const tables = { connectors: nameOf('connectors'), stations: nameOf('stations') };
  const revenue = queryRevenue({
    sessions: sessionStore(nameOf('sessions'), db),
    running: liveNetwork(tables, time.system, db).running,
  });
  const [from, to] = [startedAt - DAY_MS, hourOf(time.clock.now()) + HOUR_MS].map((at) => new Date(at).toISOString());
  const problems: string[] = [];
  for (const siteId of new Set(network.stations.map((station) => station.siteId))) {
    const isThere = (stationId: string): boolean =>
      network.stations.some((station) => station.stationId === stationId && station.siteId === siteId);
    const own = sessions.filter(({ stationId }) => isThere(stationId));
    // By a clock that was wrong a session may lie outside of the time that is asked for.
    if (own.some((session) => session.startedAt < startedAt || session.endedAt > time.clock.now())) continue;
    const told = await revenue({ filter: { siteId }, from, to });
    const hours = told.hours.flatMap((hour) => hour.revenue);
    const totals = [told.revenue, hours].map((some) => shown(sumOf(some)));
    const prices = shown(pricesOf(own));
    if (totals.some((total) => total !== prices))
      problems.push(`${siteId}: asked for, it is ${totals[0]}, its hours ${totals[1]}, its sessions ${prices}`);
    if (told.sessionsCompleted !== own.length)
      problems.push(`${siteId}: asked for, ${told.sessionsCompleted} sessions ended, ${own.length} are kept`);
    const runs = aggregates.some(
      ({ stationId, connectors }) => isThere(stationId) && connectors.some(({ session }) => session !== undefined),
    );
    const energyWh = own.reduce((sum, session) => sum + session.energyWh, 0);
    if (!runs && Math.abs(told.energyWh - energyWh) > NEGLIGIBLE_WH)
      problems.push(`${siteId}: asked for, it is ${told.energyWh} Wh, its sessions ${energyWh}`);
  }
  return problems;
};

export const revenueEqualsSessions: Invariant = {
  name: 'revenue-equals-sessions',
  about:
    'The hours of a station and those asked for of a site come to the prices of their sessions, in each currency; each hour has the completions, the energy and the money that its chargers metered in it.',
  check: async (world, look) => {
    const { aggregates, sessions, windows } = look;
    const problems = [...(await siteProblems(world, look))];
    const metered = new Map(
      meteredSessions(world).map((one) => [`${one.station.stationId} ${one.transactionId}`, one] as const),
    );
    for (const { stationId, connectors } of aggregates) {
      const own = sessions.filter((session) => session.stationId === stationId);
      for (const type of new Set(connectors.map(({ place }) => place.connectorType))) {
        const ofType = own.filter(({ connectorType }) => connectorType === type);
        const rows = await windows('station_revenue_1h', [`${stationId}#${type}`]);
        const prices = pricesOf(ofType);
        const money = moneyIn(rows);
        if (shown(money) !== shown(prices))
          problems.push(`${stationId}#${type}: hours say ${shown(money)}, sessions ${shown(prices)}`);
        if (world.doubts.has(stationId)) continue;

        // What still runs is told in hours by what is known of it so far.
        const runFrom = Math.min(
          ...connectors.flatMap(({ place, session }) =>
            place.connectorType === type && session !== undefined ? [hourOf(session.startedAt)] : [],
          ),
        );
        const told = ofType.flatMap((session) => {
          const one = metered.get(`${stationId} ${session.transactionId}`);
          return one === undefined ? [] : [{ session, one }];
        });
        const hours = new Set([...rows.map(({ startAt }) => startAt), ...told.map(({ one }) => hourOf(one.endedAt))]);
        const bounds = told.map(({ session, one }) => ({
          session,
          one,
          // By which of several tariffs is looked at elsewhere.
          prices: [...tariffsFor(world, one)]
            .flatMap((tariff) =>
              tariff?.tariffId === session.cost?.tariffId && tariff ? [expectedPrice(one, tariff)] : [],
            )
            .filter(({ minor: [least, most] }) => {
              const total = session.cost?.totalMinor ?? Number.NaN;
              return total >= least && total <= most;
            }),
        }));
        for (const hour of hours) {
          const ofHour = rows.filter(({ startAt }) => startAt === hour);
          const sum = (measure: string): number => ofHour.reduce((all, row) => all + (row.measures[measure] ?? 0), 0);
          const at = `${stationId}#${type} ${new Date(hour).toISOString()}`;
          const completed = told.filter(({ one }) => hourOf(one.endedAt) === hour).length;
          if (sum('sessionsCompleted') !== completed)
            problems.push(`${at}: ${sum('sessionsCompleted')} sessions ended, ${completed} did`);
          const within = told.filter(({ one }) => one.endedAt > hour && one.startedAt < hour + HOUR_MS);
          const energyWh = within.reduce(
            (all, { one }) => all + energyBy(one, hour + HOUR_MS) - energyBy(one, hour),
            0,
          );
          const offWh = NEGLIGIBLE_WH + within.length * OFF_WH;
          if (hour < runFrom && Math.abs(sum('energyWh') - energyWh) > offWh)
            problems.push(`${at}: ${sum('energyWh')} Wh, chargers metered ${energyWh}`);
          const inHour = moneyIn(ofHour);
          for (const currency of new Set([...money.keys(), ...inHour.keys()])) {
            const [least, most] = bounds
              .filter(({ session }) => session.cost?.currency === currency)
              .reduce<Amount>(
                ([low, high], { session, prices }) => {
                  const shares = prices.map((price) => price.hours.get(hour) ?? [0, 0]);
                  // One that is wrong as a whole is told of as that.
                  if (shares.length === 0) return [low, high + (session.cost?.totalMinor ?? 0)];
                  return [
                    low + Math.max(0, Math.min(...shares.map(([from]) => from))),
                    high + Math.max(...shares.map(([, to]) => to)),
                  ];
                },
                [0, 0],
              );
            const minor = inHour.get(currency) ?? 0;
            if (minor < least || minor > most)
              problems.push(`${at}: ${minor} ${currency}, chargers metered ${least.toFixed(1)} to ${most.toFixed(1)}`);
          }
        }
      }
    }
    return problems;
  },
};
