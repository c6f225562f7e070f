import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type Drivers, dailyDrivers } from '../../simulator/charge-point/cars/drivers.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';
import type { Random } from '../../simulator/random.ts';

/** What a charger does on its own account, as operators have it: how often it reads its meter, and who comes when. */
export type Everyday = {
  /** Between two meter values of a session, ms. */
  readonly sampleMs: number;
  readonly drivers: Drivers;
};

/** Networks read meters every five to fifteen minutes; one charger in eight tells every minute. */
const sampleMinutes: readonly [number, ...number[]] = [1, 5, 5, 10, 10, 15, 15, 15];

/**
 * An ordinary charger. Cars come `quieter` times as seldom as in the demo, which has to be seen at work: public connectors have a
 * few sessions a day.
 */
export const everyday = ({ timeZone }: DemoStation, quieter: number, chance: Random): Everyday => {
  const drivers = dailyDrivers(chance.fork('drivers'), 1, timeZone);
  return {
    sampleMs: chance.pick(sampleMinutes) * MINUTE_MS,
    drivers: { ...drivers, gapMs: (connector, now) => drivers.gapMs(connector, now) * quieter },
  };
};
