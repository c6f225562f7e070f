import { isAlternating } from '../network/models.ts';
import type { DemoStation } from '../network.ts';
import type { Random } from '../random.ts';
import type { Traffic } from '../traffic.ts';
import { connection } from './connection.ts';
import { drops } from './connection-drops.ts';
import { live } from './connector-operation.ts';
import { type Controls, stationControls } from './controls.ts';
import type { Identity } from './dialect.ts';
import { voice } from './message-sender.ts';
import type { Plug } from './simulated-connector.ts';
import type { EndedTruth, Scene } from './station-context.ts';
import { type StationTruth, truthOf } from './station-record.ts';
import { timers } from './timers.ts';
import { commandV16 } from './v16/commands.ts';
import { v16 } from './v16/v16.ts';
import { variablesV16 } from './v16/variables.ts';
import { commandV201 } from './v201/commands.ts';
import { v201 } from './v201/v201.ts';
import { variablesV201 } from './v201/variables.ts';

export type ChargePointOptions = {
  readonly station: DemoStation;
  readonly url: string;
  readonly tags: readonly [string, ...string[]];
  readonly chance: Random;
  readonly traffic: Traffic;
  readonly rate: number;
  readonly sampleMs: number;
  readonly strict: boolean;
  /** Whether the network drops the station now and then. */
  readonly drops: boolean;
  readonly log: (line: string) => void;
  /** Divides every pause of the story, for tests: 1 is life. */
  readonly haste?: number;
};

export type ChargePoint = {
  readonly start: () => void;
  /** Lets nothing new happen, reconnects if need be, and resolves when every message has been answered. */
  readonly quiesce: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly isConnected: () => boolean;
  readonly load: () => { readonly charging: number; readonly powerW: number };
  readonly truth: () => StationTruth;
};

const second = 1000;

const newPlug = (connector: DemoStation['connectors'][number], registerWh: number): Plug => ({
  ...connector,
  alternating: isAlternating(connector.connectorType),
  status: 'Available',
  statusAt: Date.now(),
  errorCode: 'NoError',
  registerWh,
  countedAt: Date.now(),
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
  const { station, chance, traffic, rate, sampleMs, log, haste = 1 } = options;
  const is16 = station.ocpp === '1.6';
  const dialect = is16 ? v16 : v201;
  const identity = identityOf(station);
  const plugs = station.connectors.map((connector) => newPlug(connector, chance.integer(20_000, 90_000_000)));
  const sessions: EndedTruth[] = [];
  const clock = timers();
  let quiet = false;

  const line = connection({
    url: options.url,
    stationId: station.stationId,
    password: station.password,
    protocol: dialect.protocol,
    strict: options.strict,
    traffic,
    jitter: chance.next,
    commanded: (action, payload) => (is16 ? commandV16 : commandV201)(action, payload, controls),
    opened: () => mouth.connected(),
    closed: () => mouth.disconnected(),
    failed: (error) => log(`${station.stationId} cannot connect: ${error.message}`),
  });
  const mouth = voice({
    identity,
    dialect,
    plugs,
    traffic,
    clock,
    log,
    call: line.call,
    isOpen: line.isOpen,
    retryMs: (3 * second) / haste,
  });
  const scene: Scene = {
    identity,
    dialect,
    chance,
    rate,
    sampleMs,
    tags: options.tags,
    sessionRegister: station.vendor === 'Homely',
    now: Date.now,
    pause: (plug, forMs) =>
      new Promise((resolve) => {
        if (quiet) return;
        const timer = clock.after(forMs / haste, () => !quiet && resolve());
        plug.wake = () => {
          clock.cancel(timer);
          if (!quiet) resolve();
        };
      }),
    transact: mouth.transact,
    ask: mouth.ask,
    setStatus: mouth.setStatus,
    sessionEnded: (session) => void sessions.push(session),
  };
  const controls: Controls = stationControls({
    plugs,
    variables: is16 ? variablesV16(plugs.length, sampleMs / second) : variablesV201(sampleMs / second),
    setStatus: mouth.setStatus,
    wakeSoon: (plug) => clock.after(chance.between(0.5, 2) * second, () => plug.wake()),
    restart: (hard) => {
      for (const plug of plugs) {
        if (plug.transaction) plug.endWith = hard ? 'HardReset' : 'SoftReset';
        plug.wake();
      }
      clock.after(2 * second, () => {
        mouth.forget();
        void line.close(hard).then(() => clock.after(chance.between(3, 8) * second, line.open));
      });
    },
    say: (message, plug) => {
      if (message === 'BootNotification') mouth.boot();
      else if (message === 'Heartbeat') mouth.heartbeat();
      else if (message === 'StatusNotification') mouth.repeatStatus(plug);
      else plug.wake();
    },
  });

  return {
    start: () => {
      line.open();
      for (const plug of plugs) void live(plug, scene, station.timeZone);
      if (options.drops) drops({ line, clock, chance, rate, isCalm: () => quiet, isReady: mouth.isBooted });
    },
    quiesce: async () => {
      quiet = true;
      if (!line.isOpen()) line.open();
      await mouth.drained();
    },
    stop: async () => {
      quiet = true;
      clock.clear();
      mouth.disconnected();
      await line.close(false);
    },
    isConnected: line.isOpen,
    load: () => ({
      charging: plugs.filter(({ transaction }) => transaction).length,
      powerW: plugs.reduce((sum, { powerW }) => sum + powerW, 0),
    }),
    truth: () => ({
      stationId: station.stationId,
      ocpp: station.ocpp,
      connected: line.isOpen(),
      pending: mouth.pending(),
      plugs: plugs.map(truthOf),
      sessions,
    }),
  };
};
