import { z } from 'zod';
import { told } from '../world/told.ts';
import type { Invariant } from './invariant.ts';

const SessionDetail = z.looseObject({
  id: z.string(),
  stationId: z.string(),
  transactionId: z.string(),
  energyWh: z.number().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});

export const eventsEqualLog: Invariant = {
  name: 'events-equal-log',
  about:
    'After deduplication by id the bus told of every start and every end of a session once, as the charger knows it.',
  check: ({ points, events, doubts }) => {
    const byId = new Map(
      told(events, ['SessionStarted', 'SessionEnded'], SessionDetail).map((one) => [one.detail.id, one]),
    );
    const problems: string[] = [];
    const byTransaction = Map.groupBy(
      byId.values(),
      ({ type, detail }) => `${type} ${detail.stationId} ${detail.transactionId}`,
    );
    for (const [name, several] of byTransaction)
      if (several.length > 1) problems.push(`${name}: told ${several.length} times with different ids`);
    for (const point of points.values()) {
      const { stationId, transactions } = point.record();
      for (const { transactionId, startedAt, endedAt, reason } of transactions) {
        if (reason === 'DeAuthorized') continue;
        const started = byTransaction.get(`SessionStarted ${stationId} ${transactionId}`)?.[0];
        const ended = byTransaction.get(`SessionEnded ${stationId} ${transactionId}`)?.[0];
        if (started === undefined) problems.push(`${stationId} ${transactionId}: its start was not told`);
        if (ended === undefined) problems.push(`${stationId} ${transactionId}: its end was not told`);
        else if (
          !doubts.get(stationId)?.has('clock') &&
          (Date.parse(ended.detail.startedAt ?? '') !== startedAt || Date.parse(ended.detail.endedAt ?? '') !== endedAt)
        )
          problems.push(
            `${stationId} ${transactionId}: told from ${ended.detail.startedAt} to ${ended.detail.endedAt}`,
          );
      }
    }
    return problems;
  },
};
