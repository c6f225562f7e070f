import type { Plug, Status } from './simulated-connector.ts';
import type { EndedTruth } from './station-context.ts';

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
    /** By the last sample that was answered. */
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

/** The plug without what only it needs to know. */
export const truthOf = ({ evseId, connectorId, knownStatus, status, registerWh, transaction }: Plug): PlugTruth => ({
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
});
