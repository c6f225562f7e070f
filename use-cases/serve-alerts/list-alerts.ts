import * as z from 'zod';
import { severities } from '../../domain/alerts/severity.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { argumentsOf, id, instant, optional, page } from '../fields/arguments-of.ts';
import type { AlertHistory, AlertSelection } from '../ports/alert-table.ts';
import type { Field } from '../ports/field.ts';

const text = optional(id.min(1));
const Filter = z.object({
  siteId: text,
  stationId: text,
  status: optional(z.enum(['open', 'cleared'])),
  severity: optional(z.enum(severities)),
  rule: text,
  model: text,
  firmware: text,
  from: optional(instant),
  to: optional(instant),
});
const Arguments = z.object({ filter: optional(Filter), ...page });

/** Long after any alert, and an instant DynamoDB's numbers and ours both hold. */
const END_OF_TIME = 8_640_000_000_000_000;

const selectionOf = ({ siteId, stationId, ...filter }: Partial<z.infer<typeof Filter>>): AlertSelection => {
  const { status, severity, rule, model, firmware, from: fromMs = 0, to: toMs = END_OF_TIME } = filter;
  if (toMs < fromMs) throw new Rejected('filter: to must not be before from');
  const narrowed = { fromMs, toMs, ...omitUndefined({ severity, rule, model, firmware }) };
  if (siteId !== undefined && stationId !== undefined) throw new Rejected('filter: give siteId or stationId, not both');
  if (siteId !== undefined) return { of: 'site', siteId, ...narrowed, ...omitUndefined({ status }) };
  if (stationId !== undefined) return { of: 'station', stationId, ...narrowed, ...omitUndefined({ status }) };
  if (status === 'cleared') throw new Rejected('filter: alerts that are over need a siteId or a stationId');
  return { of: 'network', ...narrowed };
};

/** A page of the alerts a filter asks for. Throws Rejected for one that cannot be, and for a page token that is none. */
export const listAlerts =
  ({ list }: Pick<AlertHistory, 'list'>): Field =>
  async (given) => {
    const { filter, limit, nextToken } = argumentsOf(Arguments, given);
    const found = await list(selectionOf(filter ?? {}), { limit, ...omitUndefined({ nextToken }) });
    return { items: found.items, nextToken: found.nextToken ?? null };
  };
