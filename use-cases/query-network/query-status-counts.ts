import * as z from 'zod';
import { type ConnectorStatus, connectorStatuses } from '../../domain/kernel/connector-status.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { argumentsOf, id, optional } from '../fields/arguments-of.ts';
import type { ConnectorStatuses } from '../ports/live-network.ts';

const key = optional(id.min(1));
const Filter = z.object({ siteId: key, zoneId: key, region: key });
const Arguments = z.object({ filter: optional(Filter) });

const statusesOf = async (
  statuses: ConnectorStatuses,
  { siteId, zoneId, region }: Partial<z.infer<typeof Filter>>,
): Promise<readonly ConnectorStatus[]> => {
  if (siteId !== undefined && region !== undefined) throw new Rejected('filter: give siteId or region, not both');
  if (zoneId !== undefined && siteId === undefined) throw new Rejected('filter: a zoneId needs the siteId of its site');
  if (region !== undefined) return statuses.ofRegion(region);
  if (siteId === undefined) return statuses.ofNetwork();
  return (await statuses.ofSite(siteId))
    .filter((connector) => zoneId === undefined || connector.zoneId === zoneId)
    .map(({ status }) => status);
};

/** How many connectors of the network, or of a part of it, are in each status there is. */
export const queryStatusCounts = (statuses: ConnectorStatuses) => async (given: Readonly<Record<string, unknown>>) => {
  const { filter } = argumentsOf(Arguments, given);
  const found = await statusesOf(statuses, filter ?? {});
  const counts = Map.groupBy(found, (status) => status);
  return {
    connectors: found.length,
    statuses: connectorStatuses.map((status) => ({ status, connectors: counts.get(status)?.length ?? 0 })),
  };
};
