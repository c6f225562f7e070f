import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { querySeries } from '../../use-cases/query-history/query-series.ts';
import { inUse, kinds, type ShownStatuses, shownStatuses, timeIn } from '../world/shown-statuses.ts';
import type { Invariant } from './invariant.ts';

const QUARTER_MS = 15 * MINUTE_MS;
const FIVE_MS = 5 * MINUTE_MS;
/** One request has no more windows than those of a day and an hour. */
const ASKED_MS = 24 * HOUR_MS;
/** A status is stored, and windows are rolled up, by then. */
const SETTLED_MS = 15 * MINUTE_MS;
/** Sums of fractions of seconds. */
const NEGLIGIBLE_SEC = 0.01;

type Row = { readonly startAt: number; readonly seconds: Readonly<Record<string, number>> };
type Group = { readonly key: string; readonly sizeMs: number; readonly own: readonly ShownStatuses[] };

const secondsOf = (measures: Readonly<Record<string, number | undefined>>): Row['seconds'] =>
  Object.fromEntries(
    Object.entries(measures).flatMap(([name, value = 0]) =>
      name.startsWith('seconds.') ? [[name.slice('seconds.'.length), value]] : [],
    ),
  );

/** Where the seconds of a row are not those its connectors showed, or do not come to its length. */
const wrongIn = ({ key, sizeMs, own }: Group, { startAt, seconds }: Row): readonly string[] => {
  const at = `${key} ${new Date(startAt).toISOString()}`;
  const span = { fromAt: startAt, toAt: startAt + sizeMs };
  const all = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const wholeSec = (sizeMs / SECOND_MS) * own.length;
  const shown = own.map(({ stretches }) =>
    stretches.filter(({ fromAt, toAt }) => fromAt < span.toAt && toAt > span.fromAt),
  );
  const exact = own.length === 1 && shown[0]?.every(({ may }) => !may.has('inUse'));
  const looked = exact ? [...kinds, ...inUse.map((name) => ({ name, statuses: [name], words: [name] }))] : kinds;
  return [
    ...(Math.abs(all - wholeSec) > NEGLIGIBLE_SEC ? [`${at}: tells ${all} s of ${wholeSec} s`] : []),
    ...looked.flatMap(({ name, statuses, words }) => {
      const told = statuses.reduce((sum, status) => sum + (seconds[status] ?? 0), 0);
      let [least, most] = [0, 0];
      for (const stretches of shown) {
        const [from, to] = timeIn(stretches, words, span);
        least += from / SECOND_MS;
        most += to / SECOND_MS;
      }
      return told < least - NEGLIGIBLE_SEC || told > most + NEGLIGIBLE_SEC
        ? [`${at}: ${name} for ${told} s, its chargers showed it for ${least} to ${most} s`]
        : [];
    }),
  ];
};

export const availabilityEqualsStatuses: Invariant = {
  name: 'availability-equals-statuses',
  about:
    'The time per status of each connector, and of each region, type, model and firmware, is that in which chargers showed it, and comes to the whole of the time.',
  check: async (world, { windows }) => {
    const { network, stranger, stack, time, startedAt } = world;
    const untilAt = time.clock.now() - SETTLED_MS;
    const shown = new Map(
      shownStatuses(world).map((one) => [`${one.stationId}#${one.evseId}#${one.connectorId}`, one]),
    );
    const problems: string[] = [];

    const marks = timeline(stack.nameOf('timeline'), time.system, documentClient(callPolicies.operator, stack.open));
    const series = querySeries({
      windows: { read: async () => [] },
      timeline: marks,
      clock: time.clock.now,
    });
    for (const [key, one] of shown) {
      if (one.stationId === stranger.stationId) continue;
      const rows = [];
      for (let fromAt = startedAt + HOUR_MS / 4; fromAt < untilAt; fromAt += ASKED_MS) {
        const [from, to] = [fromAt, Math.min(fromAt + ASKED_MS, untilAt)].map((at) => new Date(at).toISOString());
        rows.push(...(await series({ name: 'connector_availability_15m', key, from, to })).windows);
      }
      for (const { startAt, measures } of rows) {
        const start = Date.parse(startAt);
        if (start % QUARTER_MS !== 0 || start + QUARTER_MS > untilAt) continue;
        const told = Object.fromEntries(measures.map(({ name, value }) => [name, value]));
        problems.push(
          ...wrongIn({ key, sizeMs: QUARTER_MS, own: [one] }, { startAt: start, seconds: secondsOf(told) }),
        );
      }
    }

    const groups = new Map<string, (ShownStatuses | undefined)[]>();
    for (const { stationId, region, model, firmware, connectors } of [...network.stations, stranger])
      for (const { evseId, connectorId, connectorType } of connectors)
        for (const key of [
          `region#${region}`,
          `type#${region}#${connectorType}`,
          `model#${model}`,
          `firmware#${model}#${firmware}`,
        ])
          groups.set(key, [...(groups.get(key) ?? []), shown.get(`${stationId}#${evseId}#${connectorId}`)]);
    for (const [key, own] of groups) {
      const known = own.filter((one) => one !== undefined);
      // Of a charger whose clock was wrong nobody can say when it showed what.
      if (known.length < own.length) continue;
      const rows = new Map(
        (await windows('network_availability_5m', [key])).map((row) => [row.startAt, row.measures] as const),
      );
      for (let startAt = startedAt; startAt + FIVE_MS <= untilAt; startAt += FIVE_MS) {
        const measures = rows.get(startAt);
        if (measures === undefined) problems.push(`${key} ${new Date(startAt).toISOString()}: there is no row`);
        else problems.push(...wrongIn({ key, sizeMs: FIVE_MS, own: known }, { startAt, seconds: secondsOf(measures) }));
      }
    }
    return problems;
  },
};
