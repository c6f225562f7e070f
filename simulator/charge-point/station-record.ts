import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { CHARGED_PERCENT, type Vehicle } from './cars/vehicle.ts';
import type { ChargePointStatus, SimulatedConnector } from './simulated-connector.ts';
import type { Limit } from './smart-charging/outlet-limit.ts';
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
  /** What the profiles it has accepted allow now, W: it follows them a moment later. */
  readonly acceptedW: number;
  /** The car at it, what its driver wishes: so much energy by then; and what of `acceptedW` it has on the conductors it uses, W. */
  readonly car?: {
    readonly socPercent: number;
    readonly leavesAt: number;
    readonly wantsWh: number;
    readonly acceptedW: number;
  };
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

/** What still fits into a battery up to where its driver wants it, as the meter counts it: charging loses a part. */
const wantedWh = ({ batteryWh, socPercent, targetPercent }: Vehicle): number =>
  Math.round((Math.max(0, targetPercent - socPercent) * batteryWh) / CHARGED_PERCENT);

/** A limit holds on each conductor alike: a car that uses fewer of them has less of it. */
const leftW = ({ powerW, phases }: Limit, vehicle: Vehicle, alternating: boolean): number =>
  alternating ? (powerW * Math.min(vehicle.phases, phases)) / phases : powerW;

/** The connector without what only it needs to know. `accepted`: what the profiles it has accepted allow now. */
export const connectorRecord = (
  {
    evseId,
    connectorId,
    knownStatus,
    status,
    registerWh,
    powerW,
    limit,
    vehicle,
    leavesAt,
    transaction,
    alternating,
  }: SimulatedConnector,
  accepted: Limit,
): ConnectorRecord => ({
  evseId,
  connectorId,
  status: knownStatus,
  state: status,
  registerWh: Math.floor(registerWh),
  powerW,
  offeredW: limit.powerW,
  acceptedW: accepted.powerW,
  ...omitUndefined({
    car:
      vehicle && leavesAt !== undefined
        ? {
            socPercent: vehicle.socPercent,
            leavesAt,
            wantsWh: wantedWh(vehicle),
            acceptedW: leftW(accepted, vehicle, alternating),
          }
        : undefined,
    transaction: transaction && {
      transactionId: String(transaction.transactionId ?? -1),
      tag: transaction.tag,
      startedAt: transaction.startedAt,
      energyWh: transaction.knownWh,
      sampledAt: transaction.knownAt,
    },
  }),
});
