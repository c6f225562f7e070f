import { z } from 'zod';
import { connectorPath } from '../../domain/kernel/connector-key.ts';
import { told } from '../world/told.ts';
import type { Invariant } from './invariant.ts';

const StatusDetail = z.looseObject({
  id: z.string(),
  stationId: z.string(),
  evseId: z.number(),
  connectorId: z.number(),
});

export const timelineTellsAll: Invariant = {
  name: 'timeline-tells-all',
  about:
    'What the bus was told of a connector stands in its timeline: every change of status, and the beginning and end of every session.',
  check: async ({ events, points }, { aggregates, timeline }) => {
    const problems: string[] = [];
    const changes = told(events, ['ConnectorStatusChanged'], StatusDetail).map(({ detail }) => detail);
    const byPath = Map.groupBy(changes, connectorPath);
    for (const { stationId, connectors } of aggregates) {
      const { transactions } = points.get(stationId)?.record() ?? { transactions: [] };
      for (const connector of connectors) {
        const path = connectorPath(connector);
        const entries = await timeline(path);
        const known = new Set(entries.map(({ id }) => id));
        for (const { id } of byPath.get(path) ?? [])
          if (!known.has(id.slice(id.indexOf('/') + 1))) problems.push(`${path}: status change ${id} is missing`);
        const had = transactions.filter(
          ({ evseId, connectorId, reason }) =>
            reason !== 'DeAuthorized' && connectorPath({ stationId, evseId, connectorId }) === path,
        );
        for (const title of ['session began', 'session ended']) {
          const count = entries.filter((entry) => entry.title === title).length;
          if (count < had.length) problems.push(`${path}: ${had.length} sessions, "${title}" ${count} times`);
        }
      }
    }
    return problems;
  },
};
