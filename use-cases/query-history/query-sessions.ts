import * as z from 'zod';
import type { Connector } from '../../domain/connector/connector.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { isStationId } from '../../domain/registry/is-station-id.ts';
import { argumentsOf, bounded, id, optional, page, range } from '../fields/arguments-of.ts';
import { pageToken, positionIn } from '../fields/page-token.ts';
import { maySeeTags } from '../fields/without-tags.ts';
import { type FieldCaller, NotPermitted } from '../ports/field.ts';
import type { RunningSessions } from '../ports/live-network.ts';
import { positionOf, type SessionPosition, type SessionSelection, type SessionStore } from '../ports/session-store.ts';
import { presentRunningSession, presentSession } from './present.ts';

export type SessionPorts = {
  readonly sessions: Pick<SessionStore, 'find' | 'list'>;
  readonly running: RunningSessions;
};

const DAYS = 400;
/** A day of the whole network is one read at least. */
const NETWORK_DAYS = 31;
const Filter = z.object({ stationId: optional(id), siteId: optional(id), tag: optional(id) });
const Arguments = z.object({ filter: optional(Filter), ...range, newestFirst: optional(z.boolean()), ...page });

type Selected = { readonly by: 'station' | 'site' | 'tag'; readonly value: string } | { readonly by: 'network' };

const selected = ({ stationId, siteId, tag }: Partial<z.infer<typeof Filter>> = {}): Selected => {
  const given = [
    ...(stationId === undefined ? [] : [{ by: 'station' as const, value: stationId }]),
    ...(siteId === undefined ? [] : [{ by: 'site' as const, value: siteId }]),
    ...(tag === undefined ? [] : [{ by: 'tag' as const, value: tag }]),
  ];
  if (given.length > 1) throw new Rejected('filter: give at most one of stationId, siteId, tag');
  const [only = { by: 'network' as const }] = given;
  if (only.by !== 'network' && only.value === '') throw new Rejected(`filter: ${only.by} must not be empty`);
  return only;
};

type RunningSession = Connector & { readonly session: NonNullable<Connector['session']> };
const isRunning = (connector: Connector): connector is RunningSession => connector.session !== undefined;

const runningOf = async (running: RunningSessions, selection: Selected): Promise<readonly RunningSession[]> => {
  switch (selection.by) {
    case 'network':
      return []; // activeSessions lists them: to gather all of them for one page would read every connector in use.
    case 'station':
      return (await running.ofStation(selection.value)).filter(isRunning);
    case 'site':
      return (await running.ofSite(selection.value)).filter(isRunning);
    case 'tag':
      // Ended sessions are found by the very text of their tag: one that runs must not vanish with its end.
      return (await running.ofTag(selection.value))
        .filter(isRunning)
        .filter(({ session }) => session.tag === selection.value);
  }
};

/** No id of a session is as long as a key of a store may be. */
const Position = z.object({ sessionId: z.string().min(1).max(500), startedAt: z.number().int() });
/** Where a page ended among ended sessions and among running ones: two lists that are merged by their start. */
const Token = z.strictObject({ ended: optional(Position), running: optional(Position) });
const FIRST_PAGE: z.infer<typeof Token> = { ended: undefined, running: undefined };

const byStart = (a: SessionPosition, b: SessionPosition): number =>
  a.startedAt - b.startedAt || (a.sessionId < b.sessionId ? -1 : a.sessionId > b.sessionId ? 1 : 0);

/**
 * Sessions of a station, site or tag that started within a range, those that run among those that have ended; of the whole
 * network those that have ended. Throws Rejected for a filter, range or page token there cannot be, NotPermitted for a tag
 * asked for by somebody who may see none.
 */
export const querySessions =
  ({ sessions, running }: SessionPorts) =>
  async (given: Readonly<Record<string, unknown>>, caller: FieldCaller) => {
    const { filter, from, to, limit, nextToken, newestFirst = false } = argumentsOf(Arguments, given);
    const selection = selected(filter);
    if (selection.by === 'tag' && !maySeeTags(caller))
      throw new NotPermitted('Sessions of a tag are for the role operator');
    bounded({ from, to }, selection.by === 'network' ? NETWORK_DAYS : DAYS, 'sessions');
    const token = nextToken === undefined ? FIRST_PAGE : positionIn(Token, nextToken);
    if ([token.ended, token.running].some((at) => at && (at.startedAt < from || at.startedAt >= to)))
      throw new Rejected('Invalid page token');
    const range: SessionSelection = { ...selection, fromAt: from, toAt: to };
    const [ended, live] = await Promise.all([
      sessions.list(range, { limit, newestFirst, ...omitUndefined({ after: token.ended }) }),
      runningOf(running, selection),
    ]);
    const direction = newestFirst ? -1 : 1;
    const endedIds = new Set(ended.items.map(({ sessionId }) => sessionId));
    const isBehind = (session: SessionPosition): boolean =>
      token.running === undefined || direction * byStart(session, token.running) > 0;
    // One that was told while it ran and has ended since is among the ended ones now, before the last running one that was told.
    const isTold = ({ sessionId, startedAt }: SessionPosition): boolean =>
      token.running !== undefined &&
      (sessionId === token.running.sessionId || direction * (startedAt - token.running.startedAt) < 0);
    const candidates = [
      ...ended.items.map((record) => {
        const at = positionOf(record);
        return { at, list: 'ended' as const, shown: isTold(at) ? undefined : presentSession(record) };
      }),
      ...live
        .filter(({ session }) => session.startedAt >= from && session.startedAt < to)
        .filter(({ session }) => !endedIds.has(session.sessionId) && isBehind(session))
        .toSorted((a, b) => direction * byStart(a.session, b.session))
        .map((connector) => ({
          at: { sessionId: connector.session.sessionId, startedAt: connector.session.startedAt },
          list: 'running' as const,
          shown: presentRunningSession(connector),
        })),
    ].toSorted((a, b) => direction * (a.at.startedAt - b.at.startedAt));
    // Behind the last ended session that was read, others may start before a running one does.
    const lastRead = ended.more ? ended.items.at(-1) : undefined;
    const certain = candidates.filter(
      ({ at }) => lastRead === undefined || direction * (at.startedAt - positionOf(lastRead).startedAt) <= 0,
    );
    const items = certain.slice(0, limit);
    const last = (list: 'ended' | 'running') => items.findLast((item) => item.list === list)?.at ?? token[list];
    const done = items.length === candidates.length && !ended.more;
    return {
      items: items.flatMap(({ shown }) => shown ?? []),
      nextToken: done ? null : pageToken({ ended: last('ended'), running: last('running') }),
    };
  };

/**
 * An id begins with that of its station, which may hold dots; a slash may end it, or be of its transaction. In ids of earlier
 * versions the transaction may hold dots as well: the likeliest reading first.
 */
const stationsOf = (sessionId: string): readonly string[] => {
  const parts = sessionId.split('.');
  const readings = parts.slice(0, -2).map((_, index) => parts.slice(0, index + 1).join('.'));
  const slash = sessionId.indexOf('/');
  return [...readings, ...(slash === -1 ? [] : [sessionId.slice(0, slash)])]
    .toReversed()
    .filter(isStationId)
    .slice(0, MOST_READINGS);
};
const MOST_READINGS = 5;

/** One session, ended or running, or null. */
export const querySession =
  ({ sessions, running }: SessionPorts) =>
  async (given: Readonly<Record<string, unknown>>) => {
    const { sessionId } = argumentsOf(z.object({ sessionId: id }), given);
    const found = sessionId === '' ? undefined : await sessions.find(sessionId);
    if (found !== undefined) return presentSession(found);
    for (const stationId of stationsOf(sessionId)) {
      const connector = (await running.ofStation(stationId))
        .filter(isRunning)
        .find(({ session }) => session.sessionId === sessionId);
      if (connector) return presentRunningSession(connector);
    }
    return null;
  };
