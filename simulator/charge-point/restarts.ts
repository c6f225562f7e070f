import type { Random } from '../random.ts';
import type { MessageSender } from './connection/message-sender.ts';
import type { Connection } from './connection/transport.ts';
import type { BootReason } from './dialect.ts';
import type { SimulatedConnector } from './simulated-connector.ts';
import type { Timers } from './timers.ts';

const second = 1000;

/** How a station restarts: transactions end, the line goes, and comes back with a boot. */
export type Restarts = {
  /** At once; a hard one cuts the line. */
  readonly now: (reason: BootReason, hard: boolean) => void;
  /** As soon as no transaction runs any more. */
  readonly whenIdle: () => void;
  /** To be told when a transaction begins or ends. */
  readonly transactionChanged: () => void;
};

export type RestartsOptions = {
  readonly connectors: readonly SimulatedConnector[];
  readonly sender: Pick<MessageSender, 'restart'>;
  readonly link: Pick<Connection, 'open' | 'close'>;
  readonly clock: Pick<Timers, 'after'>;
  readonly chance: Random;
};

/** The restarts of one station. */
export const restarts = ({ connectors, sender, link, clock, chance }: RestartsOptions): Restarts => {
  let isDueWhenIdle = false;
  const now = (reason: BootReason, hard: boolean): void => {
    isDueWhenIdle = false;
    for (const connector of connectors) {
      if (!connector.transaction) continue;
      connector.endWith = hard ? 'HardReset' : 'SoftReset';
      connector.wake();
    }
    clock.after(2 * second, () => {
      sender.restart(reason);
      void link.close(hard).then(() => clock.after(chance.between(3, 8) * second, link.open));
    });
  };
  return {
    now,
    whenIdle: () => {
      isDueWhenIdle = true;
    },
    transactionChanged: () => {
      if (isDueWhenIdle && connectors.every(({ transaction }) => !transaction)) now('RemoteReset', false);
    },
  };
};
