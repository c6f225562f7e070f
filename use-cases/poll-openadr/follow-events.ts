import pMap from 'p-map';
import type { OpenAdrEvent } from '../../domain/demand-response/openadr/openadr-event.ts';
import { type OpenAdrRelief, openAdrRelief } from '../../domain/demand-response/openadr/openadr-relief.ts';
import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import { DETAIL_VERSION, type PublishedEvent } from '../../domain/events/published-event.ts';
import { iso } from '../../domain/kernel/iso.ts';
import type { KnownEvent, OpenAdrStore } from '../ports/demand-response/openadr-store.ts';
import type { EventBus } from '../ports/event-bus.ts';
import { restoreSignals } from '../respond-to-demand/submit-signal.ts';
import { type ReliefPorts, submitRelief } from './submit-relief.ts';

export type FollowPorts = ReliefPorts & { readonly store: OpenAdrStore; readonly bus: EventBus };

/** An event of a server with the program it is configured under. */
export type FetchedEvent = { readonly event: OpenAdrEvent; readonly program: string };
/** An event that is followed, with what it asks now. */
export type FollowedEvent = { readonly known: KnownEvent; readonly relief: OpenAdrRelief };

/** Events of one server that are looked at side by side. */
const CONCURRENCY = 4;
/** Signals of one event that are submitted side by side: one of many intervals is done within one look. */
const SIGNALS_AT_ONCE = 8;
/** Signals that are over are kept this many, for the last word of a report; an event that repeats for years has thousands. */
const OVER_KEPT = 10;
const nothing: OpenAdrRelief = { signals: [], limits: [], tiers: [], refusals: [] };

/** The identity a server's signals come from. */
const senderOf = (serverId: string): string => `openadr: ${serverId}`;

/** Tells on the bus that something of a server was refused. The same refusal has the same id. */
export const tellRefusal = async (
  { bus, digest }: Pick<FollowPorts, 'bus' | 'digest'>,
  serverId: string,
  request: string,
  reason: string,
  at: number,
): Promise<void> => {
  const refused: PublishedEvent = {
    type: 'DemandResponseRefused',
    detail: {
      version: DETAIL_VERSION,
      id: `grid/${digest(`${serverId}/${request}/${reason}`)}/refused`,
      time: iso(at),
      by: senderOf(serverId),
      reason,
      request: request.slice(0, 4_000),
    },
  };
  const failed = await bus.put([refused]);
  if (failed.length > 0) throw new Error('The refusal of an event is not on the bus', { cause: failed });
};

/**
 * Makes signals of a server's events: a new event or version submits its signals, one that is gone from the list ends them,
 * and so does a new version those it no longer asks for. (event id, modificationDateTime) names one content: the same again
 * changes nothing, an older one is left out. `fetched` undefined: the server did not answer, and what is known goes on.
 */
export const followEvents = (ports: FollowPorts) => {
  const { store } = ports;
  const submit = submitRelief(ports);
  const restore = restoreSignals(ports);

  const end = async (serverId: string, signalIds: readonly string[], why: string, now: number): Promise<void> => {
    if (signalIds.length === 0) return;
    await restore({ kind: 'signals', signalIds, receivedAt: now, by: senderOf(serverId), why });
  };

  const reliefOf = (server: OpenAdrServer, { event, program, seenAt }: KnownEvent, now: number): OpenAdrRelief => {
    const { serverId, programs } = server;
    const configured = programs.find((one) => one.program === program);
    return configured === undefined ? nothing : openAdrRelief(event, configured, { serverId, seenAt, now });
  };

  /** What ends with an event that is gone: all of it, unless its intervals are over and only chance lets a signal run on. */
  const cancelledWith = (server: OpenAdrServer, gone: KnownEvent, now: number): readonly string[] => {
    const { signals } = reliefOf(server, gone, now);
    const isOver = signals.every(({ endAt, intervalEndAt = endAt }) => intervalEndAt <= now);
    const left = new Set(isOver ? signals.map(({ signalId }) => signalId) : []);
    return gone.submitted.filter((signalId) => !left.has(signalId));
  };

  const fresh = (
    serverId: string,
    known: KnownEvent | undefined,
    { event, program }: FetchedEvent,
    now: number,
  ): KnownEvent => {
    if (known !== undefined && known.event.version >= event.version) return known;
    const { submitted = [], report } = known ?? {};
    return { serverId, event, program, seenAt: now, settled: [], submitted, refusals: [], ...(report && { report }) };
  };

  const follow = async (
    server: OpenAdrServer,
    before: KnownEvent | undefined,
    next: KnownEvent,
    now: number,
  ): Promise<FollowedEvent> => {
    const { serverId } = server;
    const { event } = next;
    const relief = reliefOf(server, next, now);
    const asked = new Set(relief.signals.map(({ signalId }) => signalId));
    const dropped = next === before ? [] : next.submitted.filter((signalId) => !asked.has(signalId));
    await end(serverId, dropped, 'The event was changed', now);
    const settled = new Set(next.settled);
    const submitted = new Set(next.submitted.filter((signalId) => !dropped.includes(signalId)));
    const refusals = new Set([...relief.refusals, ...event.reportRefusals]);
    const outcomes = await pMap(
      relief.signals.filter(({ signalId }) => !settled.has(signalId)),
      async (draft) => ({ draft, outcome: await submit(draft, event.version, senderOf(serverId), now) }),
      { concurrency: SIGNALS_AT_ONCE },
    );
    for (const { draft, outcome } of outcomes) {
      if (outcome.kind === 'waiting') continue;
      settled.add(draft.signalId);
      if (outcome.kind === 'refused') refusals.add(outcome.why);
      if (outcome.kind === 'submitted') submitted.add(draft.signalId);
      else if (submitted.delete(draft.signalId)) await end(serverId, [draft.signalId], 'The event was changed', now);
    }
    const untold = [...refusals].filter((why) => !next.refusals.includes(why));
    for (const why of untold)
      await tellRefusal(ports, serverId, JSON.stringify({ eventID: event.eventId, eventName: event.name }), why, now);
    const over = [...submitted].filter((signalId) => !asked.has(signalId));
    const known: KnownEvent = {
      ...next,
      settled: [...settled].filter((signalId) => asked.has(signalId)),
      submitted: [...over.slice(-OVER_KEPT), ...[...submitted].filter((signalId) => asked.has(signalId))],
      refusals: [...next.refusals, ...untold],
    };
    const isChanged = next !== before || settled.size > next.settled.length || untold.length > 0;
    if (isChanged) await store.putEvent(known);
    return { known, relief };
  };

  return async (
    server: OpenAdrServer,
    knownEvents: readonly KnownEvent[],
    fetched: readonly FetchedEvent[] | undefined,
    now: number,
  ): Promise<readonly FollowedEvent[]> => {
    const { serverId } = server;
    const byId = new Map(knownEvents.map((known) => [known.event.eventId, known]));
    if (fetched === undefined)
      return pMap(knownEvents, (known) => follow(server, known, known, now), { concurrency: CONCURRENCY });
    const there = new Set(fetched.map(({ event }) => event.eventId));
    for (const gone of knownEvents.filter(({ event }) => !there.has(event.eventId))) {
      await end(serverId, cancelledWith(server, gone, now), 'The event was cancelled', now);
      await store.removeEvent(gone);
    }
    return pMap(
      fetched,
      (one) => {
        const before = byId.get(one.event.eventId);
        return follow(server, before, fresh(serverId, before, one, now), now);
      },
      { concurrency: CONCURRENCY },
    );
  };
};
