import { z } from 'zod';
import type { Invariant } from './invariant.ts';

const Planned = z.looseObject({
  'detail-type': z.literal('DemandResponsePlanned'),
  detail: z.looseObject({ signalId: z.string(), zoneId: z.string(), round: z.number(), stationCount: z.number() }),
});

export const reliefCountsEverybody: Invariant = {
  name: 'relief-counts-everybody',
  about: 'A plan for the relief of a zone counts with every station that is registered there, in every round.',
  check: ({ events, network, stranger }) => {
    const registered = Map.groupBy([...network.stations, stranger], ({ zoneId }) => zoneId);
    return events.flatMap((event) => {
      const { data } = Planned.safeParse(event);
      if (data === undefined) return [];
      const { signalId, zoneId, round, stationCount } = data.detail;
      const count = registered.get(zoneId)?.length ?? 0;
      return stationCount === count
        ? []
        : [`${signalId}, round ${round}: ${stationCount} of ${count} stations of ${zoneId}`];
    });
  },
};
