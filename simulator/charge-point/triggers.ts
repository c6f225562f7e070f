import type { DemoStation } from '../demo-network.ts';
import type { Random } from '../random.ts';
import type { ControlledStation } from './commands/controls.ts';
import type { MessageSender } from './connection/message-sender.ts';
import type { Dialect, Identity } from './dialect.ts';
import type { PowerSupply } from './power-supply.ts';
import { readMeter } from './read-meter.ts';
import type { SimulatedConnector } from './simulated-connector.ts';
import type { StationVersion } from './station-version.ts';

export type TriggersOptions = {
  readonly ocpp: DemoStation['ocpp'];
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly sender: MessageSender;
  readonly power: Pick<PowerSupply, 'advance'>;
  readonly chance: Random;
  /** What tells how firmware and logs stand, by the message that is asked for. */
  readonly statusOf: ReturnType<StationVersion['statusOf']>;
  readonly soon: (run: () => void) => void;
};

/**
 * What a trigger (OCPP's TriggerMessage) makes a station send: of each connector that is meant, or once. False for a message it
 * does not know.
 */
export const triggers = (options: TriggersOptions): ControlledStation['send'] => {
  const { ocpp, identity, dialect, sender, power, chance, statusOf, soon } = options;
  const ofConnector: Readonly<Record<string, (connector: SimulatedConnector) => void>> = {
    MeterValues: (connector) => {
      power.advance();
      if (connector.transaction) connector.wake();
      else sender.tell(dialect.metered(connector, readMeter(connector, chance), identity));
    },
    StatusNotification: sender.repeatStatus,
    ...(ocpp === '2.0.1' && { TransactionEvent: (connector) => connector.transaction && connector.wake() }),
  };
  const ofStation: Readonly<Record<string, () => void>> = {
    BootNotification: sender.boot,
    Heartbeat: sender.heartbeat,
    ...statusOf,
  };
  return (message, wanted) => {
    const [once, each] = [ofStation[message], ofConnector[message]];
    if (once) soon(once);
    if (each) soon(() => wanted.forEach(each));
    return once !== undefined || each !== undefined;
  };
};
