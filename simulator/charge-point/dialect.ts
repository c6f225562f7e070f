import type { Payload } from '../../ocpp/payload.ts';
import type {
  ChargePointStatus,
  MeterSample,
  SimulatedConnector,
  StopReason,
  Transaction,
} from './simulated-connector.ts';

/** A CALL to be made. The payload is built when it is sent: a 1.6 meter value needs the id its StartTransaction is yet to get. */
export type CallRequest = { readonly action: string; readonly payload: (sentAt: number) => Payload };

/** What the station is and how its vendor's firmware words things. */
export type Identity = {
  readonly stationId: string;
  readonly vendor: string;
  readonly model: string;
  firmware: string;
  /** Vendors differ: some report kWh and kW. */
  readonly unit: 'Wh' | 'kWh';
};

/** What goes on within a transaction, in the words OCPP 2.0.1 (ChargingStateEnumType) and 1.6 (ChargePointStatus) share. */
export type ChargingState = 'Charging' | 'SuspendedEV' | 'SuspendedEVSE';

/** Why a station starts, in the words of OCPP 2.0.1. */
export type BootReason = 'FirmwareUpdate' | 'PowerUp' | 'RemoteReset';

/** How one version of OCPP words what a station has to tell, and what it is answered. */
export type Dialect = {
  readonly protocol: 'ocpp1.6' | 'ocpp2.0.1';
  readonly boot: (identity: Identity, reason: BootReason) => CallRequest;
  readonly heartbeat: () => CallRequest;
  readonly authorize: (tag: string) => CallRequest;
  /** The version's word for a status. */
  readonly statusWord: (status: ChargePointStatus) => string;
  readonly status: (connector: SimulatedConnector) => CallRequest;
  readonly started: (connector: SimulatedConnector, transaction: Transaction, sample: MeterSample) => CallRequest;
  /** A change within the transaction; undefined where the version has no message for it (1.6 tells it by status). */
  readonly stateChanged: (transaction: Transaction, at: number, state: ChargingState) => CallRequest | undefined;
  readonly sampled: (
    connector: SimulatedConnector,
    transaction: Transaction,
    sample: MeterSample,
    identity: Identity,
  ) => CallRequest;
  readonly ended: (transaction: Transaction, sample: MeterSample, reason: StopReason) => CallRequest;
  /** 2.x tells when a reservation is over; 1.6 has no message for it. */
  readonly reservationEnded: (reservationId: number) => CallRequest | undefined;
  /** What the meter shows outside of a transaction, when it is asked for. */
  readonly metered: (connector: SimulatedConnector, sample: MeterSample, identity: Identity) => CallRequest;
  /** The answer's authorization status of the tag ('Accepted', 'Blocked', ...) and the transaction id it gave, where it has them. */
  readonly readAnswer: (answer: Payload) => { readonly authorization?: string; readonly transactionId?: number };
};
