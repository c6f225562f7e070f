import type { Clock } from '../clock.ts';
import { isAlternating } from '../network/models.ts';
import type { DemoStation } from '../network.ts';
import type { Random } from '../random.ts';
import type { TagPool } from '../tag-pool.ts';
import type { Traffic } from '../traffic.ts';
import { operateConnector } from './cars/operate-connector.ts';
import { answerCommand } from './commands/answer-command.ts';
import { type Controls, stationControls } from './commands/controls.ts';
import { connectionDrops } from './connection/connection-drops.ts';
import { messageSender } from './connection/message-sender.ts';
import { type Connection, type ConnectionOptions, connection } from './connection/web-socket.ts';
import type { Identity } from './dialect.ts';
import type { SimulatedConnector } from './simulated-connector.ts';
import type { EndedTransaction, StationContext } from './station-context.ts';
import { connectorRecord, type StationRecord } from './station-record.ts';
import { timers } from './timers.ts';
import { commandsV16 } from './v16/commands.ts';
import { v16 } from './v16/v16.ts';
import { variablesV16 } from './v16/variables.ts';
import { commandsV201 } from './v201/commands.ts';
import { v201 } from './v201/v201.ts';
import { variablesV201 } from './v201/variables.ts';

export type ChargePointOptions = {
  readonly station: DemoStation;
  readonly url: string;
  /** The tags of the drivers who come here, and elsewhere. */
  readonly tags: TagPool;
  readonly chance: Random;
  readonly traffic: Traffic;
  readonly rate: number;
  readonly sampleMs: number;
  /** Wait before a refused transaction message is sent again, ms; the second wait takes twice as long, and so on. Default 3 s. */
  readonly retryMs?: number;
  readonly strict: boolean;
  /** Whether the network drops the station now and then. */
  readonly drops: boolean;
  readonly log: (line: string) => void;
  readonly clock: Clock;
  /** Ids for the transactions of a 2.0.1 station; no two of them may be the same, in other runs neither. */
  readonly newTransactionId: () => string;
  /** How the station reaches its CSMS; a WebSocket unless a test has its own. */
  readonly connect?: (options: ConnectionOptions) => Connection;
  /** Divides every pause between two steps, for tests: 1 is life. */
  readonly speedUp?: number;
};

export type ChargePoint = {
  readonly start: () => void;
  /** Lets nothing new happen, reconnects if need be, and resolves when every message has been answered. */
  readonly quiesce: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly isConnected: () => boolean;
  readonly load: () => { readonly charging: number; readonly powerW: number };
  /** What the station itself knows. */
  readonly record: () => StationRecord;
};

const second = 1000;

const newConnector = (
  connector: DemoStation['connectors'][number],
  registerWh: number,
  at: number,
): SimulatedConnector => ({
  ...connector,
  alternating: isAlternating(connector.connectorType),
  status: 'Available',
  statusAt: at,
  errorCode: 'NoError',
  registerWh,
  countedAt: at,
  powerW: 0,
  softFault: false,
  operative: true,
  profiles: [],
  wake: () => {},
});

const identityOf = ({ stationId, vendor, model, firmware }: DemoStation): Identity => ({
  stationId,
  vendor,
  model,
  firmware,
  unit: vendor === 'Kerbside' ? 'kWh' : 'Wh',
});

/**
 * One simulated charging station: a real OCPP client whose connectors live through cars, faults and bad networks.
 * Deterministic in what it wants to do (given its `chance`), real-time in doing it.
 */
export const chargePoint = (options: ChargePointOptions): ChargePoint => {
  const { station, chance, traffic, rate, sampleMs, retryMs = 3 * second, log, speedUp = 1 } = options;
  const dialect = station.ocpp === '1.6' ? v16 : v201;
  const commands = station.ocpp === '1.6' ? commandsV16 : commandsV201;
  const identity = identityOf(station);
  const connectors = station.connectors.map((connector) =>
    newConnector(connector, chance.integer(20_000, 90_000_000), options.clock.now()),
  );
  const transactions: EndedTransaction[] = [];
  const clock = timers(options.clock);
  let quiet = false;

  const link = (options.connect ?? connection)({
    clock,
    url: options.url,
    stationId: station.stationId,
    password: station.password,
    protocol: dialect.protocol,
    strict: options.strict,
    traffic,
    jitter: chance.next,
    commanded: (action, payload) => answerCommand(commands, action, payload, controls),
    opened: () => sender.connected(),
    closed: () => sender.disconnected(),
    failed: (error) => log(`${station.stationId} cannot connect: ${error.message}`),
  });
  const sender = messageSender({
    identity,
    dialect,
    connectors,
    traffic,
    clock,
    log,
    call: link.call,
    isOpen: link.isOpen,
    retryMs: retryMs / speedUp,
  });
  const context: StationContext = {
    identity,
    dialect,
    chance,
    rate,
    sampleMs,
    tags: options.tags,
    sessionRegister: station.vendor === 'Homely',
    now: clock.now,
    newTransactionId: options.newTransactionId,
    pause: (connector, forMs) =>
      new Promise((resolve) => {
        if (quiet) return;
        const cancel = clock.after(forMs / speedUp, () => !quiet && resolve());
        connector.wake = () => {
          cancel();
          if (!quiet) resolve();
        };
      }),
    transact: sender.transact,
    ask: sender.ask,
    setStatus: sender.setStatus,
    transactionEnded: (transaction) => void transactions.push(transaction),
  };
  const controls: Controls = stationControls({
    connectors,
    now: clock.now,
    variables:
      station.ocpp === '1.6' ? variablesV16(connectors.length, sampleMs / second) : variablesV201(sampleMs / second),
    setStatus: sender.setStatus,
    wakeSoon: (connector) => void clock.after(chance.between(0.5, 2) * second, () => connector.wake()),
    restart: (hard) => {
      for (const connector of connectors) {
        if (connector.transaction) connector.endWith = hard ? 'HardReset' : 'SoftReset';
        connector.wake();
      }
      clock.after(2 * second, () => {
        sender.restart();
        void link.close(hard).then(() => clock.after(chance.between(3, 8) * second, link.open));
      });
    },
    send: (message, connector) => {
      if (message === 'BootNotification') sender.boot();
      else if (message === 'Heartbeat') sender.heartbeat();
      else if (message === 'StatusNotification') sender.repeatStatus(connector);
      else connector.wake();
    },
  });

  return {
    start: () => {
      link.open();
      for (const connector of connectors) void operateConnector(connector, context, station.timeZone);
      if (options.drops)
        connectionDrops({ connection: link, clock, chance, rate, isQuiet: () => quiet, isReady: sender.isBooted });
    },
    quiesce: async () => {
      quiet = true;
      if (!link.isOpen()) link.open();
      await sender.drained();
    },
    stop: async () => {
      quiet = true;
      clock.clear();
      sender.disconnected();
      await link.close(false);
    },
    isConnected: link.isOpen,
    load: () => ({
      charging: connectors.filter(({ transaction }) => transaction).length,
      powerW: connectors.reduce((sum, { powerW }) => sum + powerW, 0),
    }),
    record: () => ({
      stationId: station.stationId,
      ocpp: station.ocpp,
      connected: link.isOpen(),
      pending: sender.pending(),
      connectors: connectors.map(connectorRecord),
      transactions,
    }),
  };
};
