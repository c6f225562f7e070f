import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { isQuietBetween } from './is-quiet-between.ts';
import { oncePerWorld } from './once-per-world.ts';
import { statusTold } from './status-told.ts';
import type { World } from './world.ts';

/**
 * The words in which a connector's time is told: those of its charger, `inUse` for all that an OCPP 2.x charger calls Occupied,
 * and `unknown` for the time in which nobody can know.
 */
export const inUse = ['occupied', 'preparing', 'charging', 'suspendedEV', 'suspendedEVSE', 'finishing'] as const;

/** A time in which a connector was in one of some statuses, as far as its charger's own word and lines tell. */
export type Stretch = { readonly fromAt: number; readonly toAt: number; readonly may: ReadonlySet<string> };

/** The statuses of a connector over a run, without gaps. */
export type ShownStatuses = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly stretches: readonly Stretch[];
};

/** A status from its stamp on. One that was not answered with success may have been taken or not. */
type Mark = { readonly at: number; readonly word: string; readonly isSure: boolean };
type Span = { readonly fromAt: number; readonly toAt: number };

/** A station without a line is taken for lost after this time, and the sweep that notices it comes every minute. */
const GRACE_MS = 5 * MINUTE_MS;
const NOTICED_MS = 3 * MINUTE_MS;
/** A silent one is after three intervals of heartbeats, 27 minutes; and what was heard of it is noted once in a quarter of an hour. */
const SILENT_MS = 12 * MINUTE_MS;
const NOTED_MS = 15 * MINUTE_MS;
/**
 * A session on MQTT may be told with a stamp that is minutes off, or never: its station's messages show it then, which come every
 * nine minutes at least, and are noted once in a quarter of an hour.
 */
const STAMP_ERR_MS = 2 * MINUTE_MS;
const UNTOLD_MS = 40 * MINUTE_MS;
/** Messages on their way when a line begins or ends. */
const BRIEF_MS = 5 * SECOND_MS;
/** Faults that take a line away, and leave the stack alone: what it knows of lines is as sure as without them. */
const OF_LINES = new Set(['handshake-refused', 'charger-clock', 'wrong-units', 'falling-register', 'hostile-station']);

const wordOf = (status: string, ocpp: string): string =>
  ocpp !== '1.6' && status === 'Occupied' ? 'inUse' : status.charAt(0).toLowerCase() + status.slice(1);

const idOf = (text: string): string => /^\[\d,"([^"]+)"/.exec(text)?.[1] ?? '';

const marksOf = (world: World, answered: ReadonlySet<string>): ReadonlyMap<string, readonly Mark[]> => {
  const ocppOf = new Map(world.network.stations.map(({ stationId, ocpp }) => [stationId, ocpp]));
  const marks = new Map<string, Map<string, Mark>>();
  for (const frame of world.frames) {
    const { stationId, line } = frame;
    const ocpp = ocppOf.get(stationId);
    const told = ocpp === undefined ? undefined : statusTold(frame);
    if (ocpp === undefined || told === undefined || Number.isNaN(told.stampedAt)) continue;
    const path = `${stationId}#${told.evseId}#${told.connectorId}`;
    const [at, word] = [told.stampedAt, wordOf(told.status, ocpp)];
    const own = marks.get(path) ?? new Map<string, Mark>();
    const key = `${at} ${word}`;
    marks.set(
      path,
      own.set(key, { at, word, isSure: answered.has(`${line} ${told.messageId}`) || own.get(key)?.isSure === true }),
    );
  }
  return new Map([...marks].map(([path, own]) => [path, [...own.values()].sort((a, b) => a.at - b.at)]));
};

/** When the newest line of a station had ended and no other had begun; nothing, where the next one took its place at once. */
const withoutLine = (world: World, stationId: string, untilAt: number): readonly Span[] => {
  const own = world.lines.filter((one) => one.stationId === stationId);
  const opened = own.filter(({ isOpen }) => isOpen);
  return opened.flatMap(({ line }, index) => {
    const fromAt = own.find((one) => !one.isOpen && one.line === line)?.at ?? untilAt;
    const toAt = opened[index + 1]?.at ?? untilAt;
    return [{ fromAt, toAt: Math.max(fromAt, toAt) }];
  });
};

/** The times in which the stack may take a station for lost, and those in which it has to. */
const lostTimes = (
  world: World,
  stationId: string,
  answered: ReadonlySet<string>,
  untilAt: number,
): { readonly may: readonly Span[]; readonly must: readonly Span[] } => {
  const away = withoutLine(world, stationId, untilAt);
  const heardAt = [
    ...world.lines.filter((one) => one.stationId === stationId && one.isOpen).map(({ at }) => at),
    ...world.frames
      .filter(
        ({ stationId: by, way, line, text, at }) =>
          by === stationId &&
          way === 'up' &&
          text.startsWith('[2,') &&
          (/"(Heartbeat|Authorize)"/.test(text)
            ? isQuietBetween(world, at - MINUTE_MS, at + MINUTE_MS)
            : answered.has(`${line} ${idOf(text)}`)),
      )
      .map(({ at }) => at),
    untilAt,
  ].sort((a, b) => a - b);
  const silent = heardAt.slice(1).flatMap((toAt, index) => {
    const fromAt = heardAt[index] ?? toAt;
    return toAt - fromAt > SILENT_MS ? [{ fromAt: fromAt - NOTED_MS, toAt: toAt + NOTICED_MS }] : [];
  });
  const missed = away.filter(({ fromAt, toAt }) => toAt - fromAt > GRACE_MS - BRIEF_MS);
  const ofMqtt = away.filter(
    ({ fromAt, toAt }) =>
      world.overMqtt.has(stationId) && !isQuietBetween(world, fromAt - NOTICED_MS, toAt + NOTICED_MS, OF_LINES),
  );
  return {
    may: [
      ...silent,
      ...missed.map(({ fromAt, toAt }) => ({ fromAt, toAt: toAt + BRIEF_MS })),
      ...ofMqtt.map(({ fromAt, toAt }) => ({ fromAt: fromAt - STAMP_ERR_MS, toAt: toAt + UNTOLD_MS })),
    ],
    must: missed
      .filter(
        ({ fromAt, toAt }) =>
          toAt - fromAt > GRACE_MS + NOTICED_MS &&
          isQuietBetween(world, fromAt - NOTICED_MS, toAt + NOTICED_MS, OF_LINES),
      )
      .map(({ fromAt, toAt }) => ({ fromAt: fromAt + BRIEF_MS, toAt: toAt - BRIEF_MS })),
  };
};

const covers = (spans: readonly Span[], at: number): boolean =>
  spans.some(({ fromAt, toAt }) => at >= fromAt && at < toAt);

const stretchesOf = (
  marks: readonly Mark[],
  { may, must }: { readonly may: readonly Span[]; readonly must: readonly Span[] },
  fromAt: number,
  untilAt: number,
): readonly Stretch[] => {
  const edges = [
    fromAt,
    untilAt,
    ...marks.map(({ at }) => at),
    ...[...may, ...must].flatMap((one) => [one.fromAt, one.toAt]),
  ]
    .filter((at) => at >= fromAt && at <= untilAt)
    .sort((a, b) => a - b);
  const stretches: Stretch[] = [];
  let known: ReadonlySet<string> = new Set(['unknown']);
  let next = 0;
  for (const [index, at] of edges.slice(0, -1).entries()) {
    for (let mark = marks[next]; mark !== undefined && mark.at <= at; mark = marks[++next])
      known = new Set(mark.isSure ? [mark.word] : [...known, mark.word]);
    const toAt = edges[index + 1] ?? at;
    if (toAt === at) continue;
    const shown = covers(must, at) ? new Set(['unknown']) : covers(may, at) ? new Set([...known, 'unknown']) : known;
    stretches.push({ fromAt: at, toAt, may: shown });
  }
  return stretches;
};

/**
 * What the connectors of every charger whose clock was right showed over the run, and those of the station that no charger stands
 * for. A status that a charger could not tell, because it was offline, was never shown.
 */
export const shownStatuses = oncePerWorld((world): readonly ShownStatuses[] => {
  const { network, stranger, posted, doubts, startedAt, time } = world;
  const untilAt = time.clock.now();
  const answered = new Set(
    posted.filter(({ text }) => text.startsWith('[3,')).map(({ line, text }) => `${line} ${idOf(text)}`),
  );
  const marks = marksOf(world, answered);
  const ofChargers = network.stations
    .filter(({ stationId }) => doubts.get(stationId)?.has('clock') !== true)
    .flatMap(({ stationId, connectors }) => {
      const lost = lostTimes(world, stationId, answered, untilAt);
      return connectors.map(({ evseId, connectorId }) => ({
        ...{ stationId, evseId, connectorId },
        stretches: stretchesOf(marks.get(`${stationId}#${evseId}#${connectorId}`) ?? [], lost, startedAt, untilAt),
      }));
    });
  const never = [{ fromAt: startedAt, toAt: untilAt, may: new Set(['unknown']) }];
  const ofNobody = stranger.connectors.map(({ evseId, connectorId }) => ({
    ...{ stationId: stranger.stationId, evseId, connectorId },
    stretches: never,
  }));
  return [...ofChargers, ...ofNobody];
});

/** From, and up to, how long it was in one of some statuses within a span, ms. */
export const timeIn = (
  stretches: readonly Stretch[],
  words: readonly string[],
  { fromAt, toAt }: Span,
): readonly [least: number, most: number] => {
  let [least, most] = [0, 0];
  for (const stretch of stretches) {
    const ms = Math.min(stretch.toAt, toAt) - Math.max(stretch.fromAt, fromAt);
    if (ms <= 0) continue;
    const count = words.filter((word) => stretch.may.has(word)).length;
    if (count === stretch.may.size) least += ms;
    if (count > 0) most += ms;
  }
  return [least, most];
};

/** The statuses of a stack beside the words of chargers that tell the same. */
export const kinds: readonly {
  readonly name: string;
  readonly statuses: readonly string[];
  readonly words: readonly string[];
}[] = [
  ...['available', 'reserved', 'unavailable', 'faulted'].map((name) => ({ name, statuses: [name], words: [name] })),
  { name: 'in use', statuses: inUse, words: ['inUse', ...inUse] },
  { name: 'offline or unknown', statuses: ['offline', 'unknown'], words: ['unknown'] },
];
