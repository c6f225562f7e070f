import type { Invariant } from './invariant.ts';

export const everythingSettles: Invariant = {
  name: 'everything-settles',
  about:
    'Half an hour after chargers came to rest nothing is pending: every charger is connected and answered, no roll-up is marked dirty.',
  check: ({ points }, { marks }) => [
    ...[...points.values()].flatMap((point) => {
      const { stationId, connected, pending } = point.record();
      return [
        ...(connected ? [] : [`${stationId} is not connected`]),
        ...(pending > 0 ? [`${stationId} waits for ${pending} answers`] : []),
      ];
    }),
    ...marks.map(({ kind, key, startAt }) => `still marked dirty: ${kind} ${key} ${new Date(startAt).toISOString()}`),
  ],
};
