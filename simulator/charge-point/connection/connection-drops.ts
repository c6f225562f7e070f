import type { Random } from '../../random.ts';
import type { Timers } from '../timers.ts';
import type { Connection } from './transport.ts';

const second = 1000;
const minute = 60 * second;

/** Mean time between two losses of the connection, at rate 1. */
const meanUpMs = 60 * minute;

type Network = {
  readonly connection: Connection;
  readonly clock: Timers;
  readonly chance: Random;
  readonly rate: number;
  /** Nothing new is to happen any more. */
  readonly isQuiet: () => boolean;
  readonly isReady: () => boolean;
};

/** Loses the connection now and then: mostly abruptly, mostly for seconds, sometimes long enough to be missed. */
export const connectionDrops = (network: Network): void => {
  const { connection, clock, chance, rate, isQuiet, isReady } = network;
  clock.after(Math.max(5 * second, chance.wait(meanUpMs / rate)), () => {
    if (isQuiet()) return;
    if (!isReady()) return connectionDrops(network);
    const awayMs = (chance.chance(0.1) ? chance.between(60, 240) : chance.between(1, 40)) * second;
    void connection.close(chance.chance(0.6)).then(() =>
      clock.after(awayMs, () => {
        if (!isQuiet()) connection.open();
        connectionDrops(network);
      }),
    );
  });
};
