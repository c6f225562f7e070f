import type { Clock } from '../clock.ts';
import type { DemoStation } from '../demo-network.ts';
import type { Random } from '../random.ts';
import type { TagPool } from '../tag-pool.ts';
import type { Traffic } from '../traffic.ts';
import { type Drivers, dailyDrivers } from './cars/drivers.ts';
import { operateConnector } from './cars/operate-connector.ts';
import { answerCommand } from './commands/answer-command.ts';
import { type Behaviour, behaviourWith, reactionTo, wellBehaved } from './commands/behaviour.ts';
import { type Controls, stationControls } from './commands/controls.ts';
import { connectionDrops } from './connection/connection-drops.ts';
import { messageSender } from './connection/message-sender.ts';
import type { Transport } from './connection/transport.ts';
import { webSocket } from './connection/web-socket.ts';
import { deviceModel } from './device-model.ts';
import type { Identity } from './dialect.ts';
import { localList } from './local-list.ts';
import { maintenance } from './maintenance.ts';
import { newConnector } from './new-connector.ts';
import { outletOf, powerSupply } from './power-supply.ts';
import { restarts } from './restarts.ts';
import { type InstalledProfile, withProfile } from './smart-charging/installed-profile.ts';
import { outletLimit } from './smart-charging/outlet-limit.ts';
import type { EndedTransaction, StationContext } from './station-context.ts';
import { connectorRecord, type StationRecord } from './station-record.ts';
import { timers } from './timers.ts';
import { triggers } from './triggers.ts';
import { stationV16 } from './v16/station-v16.ts';
import { stationV201 } from './v201/station-v201.ts';

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
  /** How often a transaction message is sent before it is given up. Default 5. */
  readonly messageAttempts?: number;
  readonly strict: boolean;
  /** Whether the network drops the station now and then. */
  readonly drops: boolean;
  /** Whether connectors break now and then. Default true. */
  readonly faults?: boolean;
  readonly log: (line: string) => void;
  readonly clock: Clock;
  /** Ids for the transactions of a 2.0.1 station; no two of them may be the same, in other runs neither. */
  readonly newTransactionId: () => string;
  /** How the station reaches its CSMS. Default: a WebSocket. */
  readonly transport?: Transport;
  /** Who comes when. Default: drivers who come by the time of day. */
  readonly drivers?: Drivers;
  /** How it treats its CSMS at first. Default: it does what it is told. */
  readonly behaviour?: Behaviour;
  /** Divides every pause between two steps, for tests: 1 is as in life. */
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
  /** Changes how it treats its CSMS, in the words of a behaviour; throws an Error for whoever wrote them. */
  readonly behave: (words: string) => void;
  /** Loses its connection, as when the mobile network goes, and comes back after so many ms. */
  readonly lose: (forMs: number) => Promise<void>;
};

const second = 1000;

const identityOf = ({ stationId, vendor, model, firmware }: DemoStation): Identity => ({
  stationId,
  vendor,
  model,
  firmware,
  unit: vendor === 'Kerbside' ? 'kWh' : 'Wh',
});

/**
 * One simulated charging station: an OCPP client whose connectors meet cars, faults and bad networks.
 * Deterministic given its `chance`, its clock and what it is told; how fast it runs is the clock's affair.
 */
export const chargePoint = (options: ChargePointOptions): ChargePoint => {
  const { station, chance, traffic, rate, sampleMs, retryMs = 3 * second, log, speedUp = 1 } = options;
  const identity = identityOf(station);
  const connectors = station.connectors.map((connector) =>
    newConnector(connector, chance.integer(20_000, 90_000_000), options.clock.now()),
  );
  const version = (station.ocpp === '1.6' ? stationV16 : stationV201)(connectors, sampleMs / second);
  const { dialect } = version;
  const variables = deviceModel(version.variables);
  const list = localList(500);
  const transactions: EndedTransaction[] = [];
  const clock = timers(options.clock);
  const installed: { profiles: readonly InstalledProfile[] } = { profiles: [] };
  let behaviour = options.behaviour ?? wellBehaved;
  let quiet = false;

  const link = (options.transport ?? webSocket)({
    clock,
    url: options.url,
    stationId: station.stationId,
    password: station.password,
    protocol: dialect.protocol,
    strict: options.strict,
    traffic,
    jitter: chance.next,
    commanded: (action, payload) =>
      answerCommand(version.commands, reactionTo(behaviour, action), { action, payload }, controls, clock),
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
    attempts: options.messageAttempts,
  });
  const power = powerSupply({
    connectors,
    profiles: () => installed.profiles,
    obedience: () => behaviour.obedience,
    clock,
    chance,
    offerChanged: (connector) => connector.wake(),
  });

  const restart = restarts({ connectors, sender, link, clock, chance });
  const soon = (run: () => void) => void clock.after((chance.between(0.5, 2) * second) / speedUp, run);
  const upkeep = maintenance({
    stationId: station.stationId,
    clock,
    chance,
    tell: sender.tell,
    installed: (firmware) => {
      identity.firmware = firmware;
      restart.now('FirmwareUpdate', false);
    },
  });
  const send = triggers({
    ocpp: station.ocpp,
    identity,
    dialect,
    sender,
    power,
    chance,
    statusOf: version.statusOf(upkeep, sender.tell),
    soon,
  });

  const controls: Controls = stationControls({
    stationId: station.stationId,
    connectors,
    variables,
    localList: list,
    maintenance: upkeep,
    installed,
    profileRules: () => ({ ...version.profileRules(variables), stationMaximum: behaviour.stationMaximum }),
    behave: (words) => {
      behaviour = behaviourWith(behaviour, words);
      power.profilesChanged();
    },
    now: clock.now,
    restart: (hard) => restart.now('RemoteReset', hard),
    restartWhenIdle: restart.whenIdle,
    setStatus: sender.setStatus,
    soon,
    profilesChanged: power.profilesChanged,
    at: (instant, run) => void clock.after(instant - clock.now(), run),
    send,
    tell: sender.tell,
    reservationEnded: dialect.reservationEnded,
  });

  const context: StationContext = {
    identity,
    dialect,
    chance,
    rate,
    sampleMs: () => version.sampleMs(variables),
    tags: options.tags,
    sessionRegister: station.vendor === 'Homely',
    faults: options.faults ?? true,
    drivers: options.drivers ?? dailyDrivers(chance, rate, station.timeZone),
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
    power,
    transactionChanged: ({ evseId, transaction }, profile) => {
      // What was installed for a transaction ends with it.
      installed.profiles = installed.profiles.filter(
        (one) => one.evseId !== evseId || one.profile.purpose !== 'transaction',
      );
      if (transaction && profile) installed.profiles = withProfile(installed.profiles, { evseId, profile });
      power.transactionChanged();
      restart.transactionChanged();
    },
    localStatus: (tag) => version.localStatus(variables, list, tag),
  };

  return {
    start: () => {
      link.open();
      for (const connector of connectors) void operateConnector(connector, context);
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
      connectors: connectors.map((connector) =>
        connectorRecord(connector, outletLimit(installed.profiles, outletOf(connector), clock.now())),
      ),
      transactions,
    }),
    behave: controls.behave,
    lose: async (forMs) => {
      await link.close(true);
      clock.after(forMs, link.open);
    },
  };
};
