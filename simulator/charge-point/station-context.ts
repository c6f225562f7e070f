import type { Payload } from '../../ocpp/payload.ts';
import type { Random } from '../random.ts';
import type { TagPool } from '../tag-pool.ts';
import type { Drivers } from './cars/drivers.ts';
import type { CallRequest, Dialect, Identity } from './dialect.ts';
import type { PowerSupply } from './power-supply.ts';
import type { ChargePointStatus, SimulatedConnector, StopReason } from './simulated-connector.ts';
import type { ChargingProfile } from './smart-charging/charging-profile.ts';

/** What the connectors of a station share. */
export type StationContext = {
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly chance: Random;
  /** How much faster than life cars come and go. Meters and power stay in real time. */
  readonly rate: number;
  /** Between two meter values: as the station is configured now. */
  readonly sampleMs: () => number;
  readonly tags: TagPool;
  /** Some meters start every transaction at zero. */
  readonly sessionRegister: boolean;
  readonly now: () => number;
  /** The next transaction id of a 2.0.1 station, which makes its own. */
  readonly newTransactionId: () => string;
  /** Resolves after this time, or when the connector is woken; never again once the station has gone quiet. */
  readonly pause: (connector: SimulatedConnector, forMs: number) => Promise<void>;
  /** Sends something about a transaction: kept, and retried until it is answered. */
  readonly transact: (request: CallRequest, answered: (answer: Payload) => void) => void;
  /** Asks and waits for the answer; undefined when there is none (offline). */
  readonly ask: (request: CallRequest) => Promise<Payload | undefined>;
  readonly setStatus: (connector: SimulatedConnector, status: ChargePointStatus, errorCode?: string) => void;
  readonly transactionEnded: (transaction: EndedTransaction) => void;
  readonly power: Pick<PowerSupply, 'advance'>;
  /** A transaction began, with the profile it was asked for with, or ended. */
  readonly transactionChanged: (connector: SimulatedConnector, profile?: ChargingProfile) => void;
  /** What the station's own list says of a tag. */
  readonly localStatus: (tag: string) => string | undefined;
  readonly drivers: Drivers;
  /** Whether connectors break now and then. */
  readonly faults: boolean;
};

/** A transaction as the station knows it to have been. */
export type EndedTransaction = {
  readonly evseId: number;
  readonly connectorId: number;
  readonly transactionId: string;
  readonly tag: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly energyWh: number;
  readonly reason: StopReason;
};
