import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const reconnectStorm: Fault = {
  name: 'reconnect-storm',
  about: 'All lines are cut at once, some of them again and again, and every charger comes back.',
  often: { rough: 1, storm: 2 },
  lastsMs: [10 * SECOND_MS, 2 * MINUTE_MS],
  strike: ({ stack, clock, forMs }, chance) => {
    stack.cut();
    for (let atMs = chance.between(5, 30) * SECOND_MS; atMs < forMs; atMs += chance.between(5, 60) * SECOND_MS)
      clock.after(atMs, () => stack.cut());
    return undefined;
  },
};
