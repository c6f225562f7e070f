import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Actor } from './actor.ts';

export const grid: Actor = {
  name: 'grid',
  about: 'Asks zones for relief over the bus: one event after another, some of them told twice, some that overlap.',
  share: 0.4,
  act: ({ network, stack, clock, untilAt }, chance, asked) => {
    const zones = [...new Set(network.stations.map(({ zoneId }) => zoneId))];
    let count = 0;
    const ask = (): void => {
      const lengthMs = chance.integer(5, 40) * MINUTE_MS;
      const noticeMs = chance.pick([0, 0, 3, 10]) * MINUTE_MS;
      const startAt = clock.now() + noticeMs;
      const endAt = startAt + lengthMs;
      if (endAt > untilAt) return;
      const zoneId = zones[chance.integer(0, zones.length - 1)] ?? '';
      count += 1;
      const signalId = `relief-${count}`;
      const detail = {
        signalId,
        type: chance.pick(['CURTAIL', 'CURTAIL', 'SHED']),
        priority: chance.integer(1, 3),
        zoneId,
        reductionKw: chance.integer(5, 120),
        ...(noticeMs > 0 && { startAt: new Date(startAt).toISOString() }),
        endAt: new Date(endAt).toISOString(),
      };
      const event = { source: 'utility', type: 'DemandResponseRequested', detail };
      asked({ kind: 'relief', at: clock.now(), zoneId, signalId, endAt });
      void stack.put(event);
      if (chance.chance(0.3)) clock.after(chance.between(0, 20_000), () => void stack.put(event));
      clock.after(chance.wait(40 * MINUTE_MS), ask);
    };
    clock.after(chance.wait(20 * MINUTE_MS), ask);
  },
};
