import { z } from 'zod';
import { isAlternating } from '../network/models.ts';
import type { DemoStation } from '../network.ts';
import type { Random } from '../random.ts';
import type { Traffic } from '../traffic.ts';
import { commandV16, variablesV16 } from './commands-v16.ts';
import { commandV201, variablesV201 } from './commands-v201.ts';
import { connection } from './connection.ts';
import { stationControls } from './controls.ts';
import { bustle } from './day.ts';
import type { Dialect, Identity, Said } from './dialect.ts';
import { outbox, type Payload } from './outbox.ts';
import type { Plug, Status } from './plug.ts';
import { timers } from './timers.ts';
import { v16 } from './v16.ts';
import { v201 } from './v201.ts';
import { breakDown, type EndedTruth, type Scene, visit } from './visit.ts';

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
  readonly callTimeoutMs?: number;
  /** Divides every pause of the story, for tests: 1 is life. */
  readonly haste?: number;
};

/** What a connector is, as the station knows it and as the CSMS has acknowledged it. */
export type PlugTruth = {
  readonly evseId: number;
  readonly connectorId: number;
  /** The version's status word, last answered. */
  readonly status: string | undefined;
  /** What goes on at the plug, in the words of 1.6, whatever the version. */
  readonly state: Status;
  readonly registerWh: number;
  readonly transaction?: {
    readonly transactionId: string;
    readonly tag: string;
    readonly startedAt: number;
    readonly energyWh: number;
    readonly sampledAt: number;
  };
};
export type StationTruth = {
  readonly stationId: string;
  readonly ocpp: '1.6' | '2.0.1';
  readonly connected: boolean;
  /** Messages not yet answered. */
  readonly pending: number;
  readonly plugs: readonly PlugTruth[];
  readonly sessions: readonly EndedTruth[];
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
const minute = 60 * second;

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

const Booted = z.object({ status: z.enum(['Accepted', 'Pending', 'Rejected']), interval: z.number() });

/**
 * One simulated charging station: a real OCPP client whose connectors live through cars, faults and bad networks.
 * Deterministic in what it wants to do (given its `chance`), real-time in doing it.
 */
export const chargePoint = (options: ChargePointOptions): ChargePoint => {
  const { station, chance, traffic, rate, log, haste = 1 } = options;
  const dialect: Dialect = station.ocpp === '1.6' ? v16 : v201;
  const identity: Identity = {
    stationId: station.stationId,
    vendor: station.vendor,
    model: station.model,
    firmware: station.firmware,
    unit: station.vendor === 'Kerbside' ? 'kWh' : 'Wh',
  };
  const plugs = station.connectors.map((connector) => newPlug(connector, chance.integer(20_000, 90_000_000)));
  const sessions: EndedTruth[] = [];
  const clock = timers();
  let quiet = false;
  let booted = false;
  let bootReason: 'PowerUp' | 'RemoteReset' = 'PowerUp';
  let heartbeatMs = 540 * second;
  let saidAt = 0;

  const said = (
    { action, payload }: Said,
    answered: (answer: Payload) => void,
    transactional: boolean,
    dropped = () => {},
  ) => mail.post({ action, payload, transactional, answered, dropped });

  const tellStatus = (plug: Plug) => {
    const word = dialect.statusWord(plug.status);
    if (word === plug.knownStatus || !booted) return;
    said(dialect.status(plug), () => (plug.knownStatus = word), false);
  };
  const setStatus = (plug: Plug, status: Status, errorCode = 'NoError') => {
    if (plug.status === status && plug.errorCode === errorCode) return;
    plug.status = status;
    plug.statusAt = Date.now();
    plug.errorCode = errorCode;
    // Not compared with what is known: a change that is still on its way must be followed by this one.
    const word = dialect.statusWord(status);
    if (booted) said(dialect.status(plug), () => (plug.knownStatus = word), false);
  };

  const boot = () => {
    mail.hold(true);
    mail.postFirst({
      ...dialect.boot(identity, bootReason),
      transactional: false,
      answered: (answer) => {
        const { status, interval } = Booted.parse(answer);
        if (status !== 'Accepted') {
          log(`${station.stationId} boot ${status}, next in ${interval} s`);
          return clock.after(Math.max(1, interval) * second, boot);
        }
        booted = true;
        heartbeatMs = Math.max(1, interval) * second;
        mail.hold(false);
        if (station.ocpp === '1.6') {
          const whole = {
            connectorId: 0,
            errorCode: 'NoError',
            status: 'Available',
            timestamp: new Date().toISOString(),
          };
          said({ action: 'StatusNotification', payload: () => whole }, () => {}, false);
        }
        plugs.forEach(tellStatus);
        scheduleHeartbeat();
      },
      dropped: () => {
        if (line.isOpen()) clock.after(5 * second, boot);
      },
    });
  };
  const scheduleHeartbeat = () =>
    clock.every(
      'heartbeat',
      () => saidAt + heartbeatMs - Date.now(),
      () => {
        if (!quiet && booted && line.isOpen() && Date.now() - saidAt >= heartbeatMs)
          said(dialect.heartbeat(), () => {}, false);
      },
    );

  const line = connection({
    url: options.url,
    stationId: station.stationId,
    password: station.password,
    protocol: dialect.protocol,
    strict: options.strict,
    traffic,
    jitter: chance.next,
    ...(options.callTimeoutMs === undefined ? {} : { callTimeoutMs: options.callTimeoutMs }),
    commanded: (action, payload) =>
      station.ocpp === '1.6' ? commandV16(action, payload, controls) : commandV201(action, payload, controls),
    opened: () => {
      mail.connected();
      if (!booted) return boot();
      traffic.reconnected();
      plugs.forEach(tellStatus);
    },
    closed: () => mail.disconnected(),
    failed: (error) => log(`${station.stationId} cannot connect: ${error.message}`),
  });
  const mail = outbox(
    (action, payload) => {
      saidAt = Date.now();
      return line.call(action, payload);
    },
    traffic,
    (3 * second) / haste,
  );

  const scene: Scene = {
    identity,
    dialect,
    chance,
    rate,
    sampleMs: options.sampleMs,
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
    transact: (what, answered) => said(what, answered, true),
    ask: (what) => new Promise((resolve) => said(what, resolve, false, () => resolve(undefined))),
    setStatus,
    sessionEnded: (session) => void sessions.push(session),
  };

  const restart = (hard: boolean) => {
    const reason = hard ? 'HardReset' : 'SoftReset';
    for (const plug of plugs) {
      if (plug.transaction) plug.endWith = reason;
      plug.wake();
    }
    clock.after(2 * second, () => {
      booted = false;
      bootReason = 'RemoteReset';
      void line.close(hard).then(() => clock.after(chance.between(3, 8) * second, line.open));
    });
  };
  const controls = stationControls({
    plugs,
    variables:
      station.ocpp === '1.6'
        ? variablesV16(plugs.length, options.sampleMs / 1000)
        : variablesV201(options.sampleMs / 1000),
    restart,
    setStatus,
    wakeSoon: (plug) => clock.after(chance.between(0.5, 2) * second, () => plug.wake()),
    say: (message, plug) => {
      if (message === 'BootNotification') return boot();
      if (message === 'Heartbeat') return said(dialect.heartbeat(), () => {}, false);
      if (message === 'MeterValues') return plug.wake();
      const word = dialect.statusWord(plug.status);
      said(dialect.status(plug), () => (plug.knownStatus = word), false);
    },
  });

  const live = async (plug: Plug, firstMs: number): Promise<never> => {
    await scene.pause(plug, firstMs);
    for (;;) {
      const reserved = plug.reservedFor && plug.reservedFor.until > Date.now();
      if (plug.operative && !reserved) {
        if (!plug.remoteStart && chance.chance(0.02)) await breakDown(plug, scene);
        else await visit(plug, scene);
      }
      if (!plug.remoteStart)
        await scene.pause(plug, chance.wait((45 * minute) / rate / bustle(Date.now(), station.timeZone)));
    }
  };

  const flicker = () =>
    clock.after(Math.max(5 * second, chance.wait((60 * minute) / rate)), () => {
      if (quiet || !booted) return quiet ? undefined : flicker();
      const away = chance.chance(0.1) ? chance.between(60, 240) : chance.between(1, 40);
      void line.close(chance.chance(0.6)).then(() =>
        clock.after(away * second, () => {
          if (!quiet) line.open();
          flicker();
        }),
      );
    });

  return {
    start: () => {
      line.open();
      for (const plug of plugs) {
        const busy = chance.chance(0.45);
        const firstMs = busy ? chance.between(1, 20) * second : chance.wait((30 * minute) / rate);
        void live(plug, firstMs);
      }
      if (options.drops) flicker();
    },
    quiesce: async () => {
      quiet = true;
      if (!line.isOpen()) line.open();
      await mail.drained();
    },
    stop: async () => {
      quiet = true;
      clock.clear();
      mail.disconnected();
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
      pending: mail.size(),
      plugs: plugs.map(({ evseId, connectorId, knownStatus, status, registerWh, transaction }) => ({
        evseId,
        connectorId,
        status: knownStatus,
        state: status,
        registerWh: Math.floor(registerWh),
        ...(transaction
          ? {
              transaction: {
                transactionId: String(transaction.transactionId ?? -1),
                tag: transaction.tag,
                startedAt: transaction.startedAt,
                energyWh: transaction.knownWh,
                sampledAt: transaction.knownAt,
              },
            }
          : {}),
      })),
      sessions,
    }),
  };
};
