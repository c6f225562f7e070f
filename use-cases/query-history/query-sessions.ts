import { z } from 'zod';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { SessionSelection, SessionStore } from '../ports/session-store.ts';
import { argumentsOf, bounded, optional, page, range } from './arguments-of.ts';
import { presentSession } from './present.ts';

const DAYS = 400;
const Filter = z.object({ stationId: optional(z.string()), siteId: optional(z.string()), tag: optional(z.string()) });
const Arguments = z.object({ filter: Filter, ...range, newestFirst: optional(z.boolean()), ...page });

const selected = ({ stationId, siteId, tag }: z.infer<typeof Filter>): Pick<SessionSelection, 'by' | 'value'> => {
  const given = [
    ...(stationId === undefined ? [] : [{ by: 'station' as const, value: stationId }]),
    ...(siteId === undefined ? [] : [{ by: 'site' as const, value: siteId }]),
    ...(tag === undefined ? [] : [{ by: 'tag' as const, value: tag }]),
  ];
  const [only] = given;
  if (only === undefined || given.length > 1) throw new Rejected('filter: give exactly one of stationId, siteId, tag');
  return only;
};

/** Ended sessions of a station, site or tag that started within a range. */
export const querySessions =
  (sessions: Pick<SessionStore, 'list'>) => async (given: Readonly<Record<string, unknown>>) => {
    const { filter, from, to, limit, nextToken, newestFirst = false } = argumentsOf(Arguments, given);
    const selection = selected(filter);
    bounded({ from, to }, DAYS, 'sessions');
    const found = await sessions.list(
      { ...selection, fromAt: from, toAt: to },
      omitUndefined({ limit, newestFirst, nextToken }),
    );
    return { items: found.items.map(presentSession), nextToken: found.nextToken ?? null };
  };

/** One ended session, or null. */
export const querySession =
  (sessions: Pick<SessionStore, 'find'>) => async (given: Readonly<Record<string, unknown>>) => {
    const { sessionId } = argumentsOf(z.object({ sessionId: z.string() }), given);
    const found = await sessions.find(sessionId);
    return found === undefined ? null : presentSession(found);
  };
