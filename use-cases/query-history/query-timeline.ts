import * as z from 'zod';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { argumentsOf, bounded, id, optional, page, range } from '../fields/arguments-of.ts';
import { maySeeTags } from '../fields/without-tags.ts';
import type { FieldCaller } from '../ports/field.ts';
import type { Timeline } from '../ports/timeline.ts';
import { presentEntry } from './present.ts';

const DAYS = 400;
const Arguments = z.object({
  stationId: id.min(1),
  evseId: optional(z.number().int()),
  connectorId: optional(z.number().int()),
  ...range,
  newestFirst: optional(z.boolean()),
  ...page,
});

/** The history of a station as a whole, or of one connector of it. */
export const queryTimeline =
  (timeline: Pick<Timeline, 'list'>) => async (given: Readonly<Record<string, unknown>>, caller: FieldCaller) => {
    const {
      stationId,
      evseId,
      connectorId,
      from,
      to,
      limit,
      nextToken,
      newestFirst = true,
    } = argumentsOf(Arguments, given);
    if ((evseId === undefined) !== (connectorId === undefined))
      throw new Rejected('Give both evseId and connectorId, or neither');
    bounded({ from, to }, DAYS, 'timeline');
    const subject = evseId === undefined ? stationId : `${stationId}#${evseId}#${connectorId}`;
    const found = await timeline.list(
      subject,
      { fromAt: from, toAt: to },
      omitUndefined({ limit, newestFirst, nextToken }),
    );
    return {
      items: found.items.map((entry) => presentEntry(entry, maySeeTags(caller))),
      nextToken: found.nextToken ?? null,
    };
  };
