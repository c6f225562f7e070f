import { z } from 'zod';
import { told } from '../world/told.ts';
import type { Invariant } from './invariant.ts';

const PlannedDetail = z.looseObject({
  signalId: z.string(),
  zoneId: z.string(),
  round: z.number(),
  stationCount: z.number(),
});

export const reliefCountsEverybody: Invariant = {
  name: 'relief-counts-everybody',
  about: 'A plan for the relief of a zone counts with every station that is registered there, in every round.',
  check: ({ events, network, stranger }) => {
    const registered = Map.groupBy([...network.stations, stranger], ({ zoneId }) => zoneId);
    return told(events, ['DemandResponsePlanned'], PlannedDetail).flatMap(({ detail }) => {
      const { signalId, zoneId, round, stationCount } = detail;
      const count = registered.get(zoneId)?.length ?? 0;
      return stationCount === count
        ? []
        : [`${signalId}, round ${round}: ${stationCount} of ${count} stations of ${zoneId}`];
    });
  },
};
