import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Invariant } from './invariant.ts';

/** A charger that comes back over a new line may tell what it had not been answered; the next sweep but one sees to it. */
const SWEPT_WITHIN_MS = 2 * MINUTE_MS;

export const everythingSettles: Invariant = {
  name: 'everything-settles',
  about:
    'Half an hour after chargers came to rest nothing is pending: every charger is connected and answered, no roll-up is marked dirty.',
  check: ({ points, time }, { marks }) => [
    ...[...points.values()].flatMap((point) => {
      const { stationId, connected, pending } = point.record();
      return [
        ...(connected ? [] : [`${stationId} is not connected`]),
        ...(pending > 0 ? [`${stationId} waits for ${pending} answers`] : []),
      ];
    }),
    ...marks
      .filter(({ markedAt }) => markedAt < time.clock.now() - SWEPT_WITHIN_MS)
      .map(({ kind, key, startAt }) => `still marked dirty: ${kind} ${key} ${new Date(startAt).toISOString()}`),
  ],
};
