import { DAY_MS } from '../../kernel/durations.ts';
import { fnv1a32 } from '../fnv1a32.ts';
import type { SignalPriority, SignalType } from '../grid-signal.ts';
import { LONGEST_MS } from '../read-signal.ts';
import type { OpenAdrEvent } from './openadr-event.ts';
import {
  durationMs,
  equalParts,
  type IntervalSpan,
  MOST_TIMED,
  namesInstant,
  type PlacedInterval,
  randomizedStart,
  timedIntervals,
} from './openadr-interval.ts';
import { meaningOf, type PayloadMeaning } from './openadr-payload.ts';
import type { ConfiguredProgram, ProgramPlace } from './openadr-server.ts';

/** How much a signal asks. What 'down-to' and 'share' come to, the load of the zone at the start tells. */
export type ReliefAsk =
  | { readonly kind: 'reduction'; readonly reductionW: number }
  | { readonly kind: 'increase'; readonly increaseW: number }
  | { readonly kind: 'down-to'; readonly loadW: number }
  | { readonly kind: 'share'; readonly percent: number };

/** A signal of demand response, as an interval of an event asks for it. */
export type ReliefDraft = {
  readonly signalId: string;
  readonly type: SignalType;
  readonly priority: SignalPriority;
  readonly startAt: number;
  readonly endAt: number;
  /** When its interval is over, where chance moved the signal to a later time: from then on its server may leave the event out. */
  readonly intervalEndAt?: number;
  readonly place:
    | { readonly kind: 'zone'; readonly zoneId: string }
    | { readonly kind: 'site'; readonly siteId: string };
  readonly ask: ReliefAsk;
};

/** Something that holds at a site for a time, ms since the epoch. */
export type AtSite = { readonly siteId: string; readonly startAt: number; readonly endAt: number };
/** Whether a part holds at an instant. */
export const holdsAt =
  (at: number) =>
  ({ startAt, endAt }: AtSite): boolean =>
    startAt <= at && at < endAt;

/** A part of the import limit of a site. */
export type LimitPart = AtSite & { readonly part: 'limit' | 'subscription' | 'reservation'; readonly powerW: number };
/** A price tier of a site. Of two at one time the one of the higher priority holds, then the one that was changed later. */
export type TierPart = AtSite & { readonly tier: string; readonly priority: number; readonly version: number };

/** All that an event asks, and why parts of it are refused. */
export type OpenAdrRelief = {
  readonly signals: readonly ReliefDraft[];
  readonly limits: readonly LimitPart[];
  readonly tiers: readonly TierPart[];
  readonly refusals: readonly string[];
};

/** What is known beside an event: whose it is, when this version of it was first seen, and how late it is. */
export type EventSeen = { readonly serverId: string; readonly seenAt: number; readonly now: number };

/** Intervals are looked at this far ahead. */
const HORIZON_MS = 2 * DAY_MS;
/** More at a time would be no schedule but a mistake, or an attack. */
const MOST_PARTS = 500;
const LONGEST_ID = 128;

/** A signal's id: the same for the same interval and place, however often the event is fetched. */
const idOf = (parts: readonly (string | number)[]): string => {
  const id = `openadr/${parts.join('/')}`;
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 8)}.${fnv1a32(id).toString(36)}`;
};

/** The places an event means. None: it is for others. */
const placesOf = ({ targets }: OpenAdrEvent, { places }: ConfiguredProgram): readonly ProgramPlace[] =>
  places.filter(({ target }) => (target === undefined ? targets.length === 0 : targets.includes(target)));

/** A signal lasts at most a week: a longer interval is as many signals, one after the other. */
const weeks = (interval: IntervalSpan, until: number): readonly IntervalSpan[] => {
  const pieces: IntervalSpan[] = [];
  for (let startAt = interval.startAt; startAt < Math.min(interval.endAt, until); startAt += LONGEST_MS)
    pieces.push({ ...interval, startAt, endAt: Math.min(interval.endAt, startAt + LONGEST_MS) });
  return pieces;
};

/**
 * `randomizeStart` by interval: its own, else that of the one it follows, else the event's. One that names its instant follows
 * none. One that follows names none by `PT0S`, the default of the schema: it would leave a gap, or overlap the one before it.
 */
const spreadsOf = ({ intervalPeriod, intervals }: OpenAdrEvent): ReadonlyMap<number, string | undefined> => {
  const usual = intervalPeriod?.randomizeStart;
  let spread = usual;
  const spreads = new Map<number, string | undefined>();
  for (const { id, intervalPeriod: own } of intervals) {
    const named = own?.randomizeStart;
    if (namesInstant(own)) spread = named ?? usual;
    else if (named !== undefined && durationMs(named) !== 0) spread = named;
    spreads.set(id, spread);
  }
  return spreads;
};

type Relief = Pick<ReliefDraft, 'type' | 'priority' | 'ask'>;

/** A meaning as a signal; undefined where it is none. A pause is a shed of all there is. */
const reliefOf = (meaning: PayloadMeaning): Relief | undefined => {
  switch (meaning.kind) {
    case 'reduce': {
      const { type, priority, reductionW } = meaning;
      return { type, priority, ask: { kind: 'reduction', reductionW } };
    }
    case 'reduce-to':
      return { type: 'CURTAIL', priority: meaning.priority, ask: { kind: 'down-to', loadW: meaning.loadW } };
    case 'reduce-share':
      return { type: 'CURTAIL', priority: meaning.priority, ask: { kind: 'share', percent: meaning.percent } };
    case 'load-up':
      return { type: 'CURTAIL', priority: 3, ask: { kind: 'increase', increaseW: meaning.increaseW } };
    case 'hold':
      return { type: 'SHED', priority: 1, ask: { kind: 'down-to', loadW: 0 } };
    case 'restore':
    case 'import':
    case 'tiers':
    case 'refused':
      return undefined;
  }
};

const asksNothing = ({ ask }: Relief): boolean =>
  (ask.kind === 'reduction' && ask.reductionW === 0) ||
  (ask.kind === 'increase' && ask.increaseW === 0) ||
  (ask.kind === 'share' && ask.percent === 0);

/** Where a signal acts: a share at the sites of its place where that names no zone, everything else in a zone. */
const reliefPlaces = ({ ask }: Relief, { zoneId, siteIds }: ProgramPlace): readonly ReliefDraft['place'][] => {
  if (zoneId !== undefined) return [{ kind: 'zone', zoneId }];
  return ask.kind === 'share' ? siteIds.map((siteId) => ({ kind: 'site', siteId })) : [];
};

/**
 * What an event asks of the places of its program, from now to two days ahead. The intervals of one event are moved by chance
 * together, so that they stay one after the other; what voids floors is not moved.
 */
export const openAdrRelief = (event: OpenAdrEvent, program: ConfiguredProgram, seen: EventSeen): OpenAdrRelief => {
  const { serverId, seenAt, now } = seen;
  const signals: ReliefDraft[] = [];
  const limits: LimitPart[] = [];
  const tiers: TierPart[] = [];
  const refusals = new Set<string>();
  const places = placesOf(event, program);
  const until = now + HORIZON_MS;
  /** Which payload of its interval has an id. */
  const owners = new Map<string, number>();
  const chance = fnv1a32(`${serverId}|${event.eventId}`) / 2 ** 32;

  /** The payloads of one interval that ask something of one place are a signal each: those after the first say which they are. */
  const signalIdOf = (piece: string, payloadIndex: number, where: string): string => {
    const id = idOf([serverId, event.eventId, piece, where]);
    const owner = owners.get(id) ?? payloadIndex;
    owners.set(id, owner);
    return owner === payloadIndex ? id : idOf([serverId, event.eventId, `${piece}p${payloadIndex}`, where]);
  };

  const addSignals = (
    relief: Relief,
    interval: PlacedInterval,
    spread: string | undefined,
    name: string,
    payloadIndex: number,
  ) => {
    if (asksNothing(relief)) return;
    const isMoved = relief.type !== 'SHED' && relief.priority !== 1;
    const movedMs = isMoved ? randomizedStart(0, spread, chance) : 0;
    for (const place of places) {
      const targets = reliefPlaces(relief, place);
      if (targets.length === 0) refusals.add(`${name} is a reduction in a zone, and its place names none`);
      for (const [week, piece] of weeks(interval, until).entries())
        for (const target of targets) {
          const [startAt, endAt] = [piece.startAt + movedMs, piece.endAt + movedMs];
          const where = target.kind === 'zone' ? target.zoneId : target.siteId;
          const signalId = signalIdOf(
            week === 0 ? `${interval.index}` : `${interval.index}.${week}`,
            payloadIndex,
            where,
          );
          const told = movedMs > 0 ? { intervalEndAt: interval.endAt } : {};
          if (endAt > now) signals.push({ ...relief, signalId, startAt, endAt, ...told, place: target });
        }
    }
  };

  const add = (
    meaning: PayloadMeaning,
    interval: PlacedInterval,
    spread: string | undefined,
    name: string,
    payloadIndex: number,
  ) => {
    const { startAt, endAt } = interval;
    const relief = reliefOf(meaning);
    if (relief !== undefined) addSignals(relief, interval, spread, name, payloadIndex);
    if (meaning.kind === 'refused') refusals.add(meaning.why);
    if (endAt <= now) return;
    if (meaning.kind === 'import')
      for (const { siteIds } of places) {
        const [siteId, another] = siteIds;
        if (siteId === undefined || another !== undefined)
          refusals.add(`${name} is the limit of one site, and its place names ${siteIds.length}`);
        else limits.push({ siteId, startAt, endAt, part: meaning.part, powerW: meaning.powerW });
      }
    if (meaning.kind === 'tiers') {
      const siteIds = places.flatMap((place) => place.siteIds);
      if (siteIds.length < places.length) refusals.add(`${name} is about sites, and its place names none`);
      if (meaning.tiers.length > 1 && endAt === Number.POSITIVE_INFINITY)
        return void refusals.add(`${name} has several values for an interval without an end`);
      const parts = meaning.tiers.length === 1 ? [interval] : equalParts(interval, meaning.tiers.length);
      const { priority = Number.POSITIVE_INFINITY, version } = event;
      for (const [at, part] of parts.entries())
        for (const siteId of siteIds)
          tiers.push({
            siteId,
            startAt: part.startAt,
            endAt: part.endAt,
            tier: meaning.tiers[at] ?? '',
            priority,
            version,
          });
    }
  };

  if (places.length > 0) {
    const byId = new Map(event.intervals.map((interval) => [interval.id, interval]));
    const spreads = spreadsOf(event);
    if (byId.size < event.intervals.length) refusals.add('Two intervals of the event have one id');
    // A day's grace: what was moved by chance may still run.
    const since = now - DAY_MS;
    const timed = timedOf(event, seenAt, { since, until }, refusals);
    const tooMany = `The event has more than ${MOST_PARTS} intervals within two days`;
    if (timed.length >= MOST_TIMED) refusals.add(tooMany);
    for (const interval of timed) {
      if (signals.length + limits.length + tiers.length > MOST_PARTS) {
        refusals.add(tooMany);
        break;
      }
      const spread = spreads.get(interval.id);
      if (interval.endAt > since)
        for (const [payloadIndex, payload] of (byId.get(interval.id)?.payloads ?? []).entries())
          add(meaningOf(payload, program.table, event.priority), interval, spread, payload.type, payloadIndex);
    }
  }
  return { signals, limits, tiers, refusals: [...refusals] };
};

/** The intervals in time; none, and a reason, where an instant or a duration of the event is none. */
const timedOf = (
  event: OpenAdrEvent,
  seenAt: number,
  { since, until }: { readonly since: number; readonly until: number },
  refusals: Set<string>,
): readonly PlacedInterval[] => {
  try {
    return timedIntervals(event, seenAt, until - seenAt, since);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refusals.add(error.message);
    return [];
  }
};
