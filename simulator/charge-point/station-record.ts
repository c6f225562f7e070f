import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ChargePointStatus, SimulatedConnector } from './simulated-connector.ts';
import type { EndedTransaction } from './station-context.ts';

/** What a connector is, as the station knows it and as far as the CSMS has acknowledged it. */
export type ConnectorRecord = {
  readonly evseId: number;
  readonly connectorId: number;
  /** The version's status word, last answered. */
  readonly status: string | undefined;
  /** What goes on at the connector, in the words of 1.6, whatever the version. */
  readonly state: ChargePointStatus;
  readonly registerWh: number;
  /** What flows, and what is offered by the profiles that are followed, W. */
  readonly powerW: number;
  readonly offeredW: number;
  readonly transaction?: {
    readonly transactionId: string;
    readonly tag: string;
    readonly startedAt: number;
    /** By the last sample that was answered. */
    readonly energyWh: number;
    readonly sampledAt: number;
  };
};

/** What the station itself knows of its connectors and transactions: what the stack shows is compared with this. */
export type StationRecord = {
  readonly stationId: string;
  readonly ocpp: '1.6' | '2.0.1';
  readonly connected: boolean;
  /** Messages not yet answered. */
  readonly pending: number;
  readonly connectors: readonly ConnectorRecord[];
  readonly transactions: readonly EndedTransaction[];
};

/** The connector without what only it needs to know. */
export const connectorRecord = ({
  evseId,
  connectorId,
  knownStatus,
  status,
  registerWh,
  powerW,
  limit,
  transaction,
}: SimulatedConnector): ConnectorRecord => ({
  evseId,
  connectorId,
  status: knownStatus,
  state: status,
  registerWh: Math.floor(registerWh),
  powerW,
  offeredW: limit.powerW,
  ...omitUndefined({
    transaction: transaction && {
      transactionId: String(transaction.transactionId ?? -1),
      tag: transaction.tag,
      startedAt: transaction.startedAt,
      energyWh: transaction.knownWh,
      sampledAt: transaction.knownAt,
    },
  }),
});
