import type { Payload } from './message-queue.ts';
import type { Plug, Reason, Sample, Status, Transaction } from './simulated-connector.ts';

export type Said = { readonly action: string; readonly payload: () => Payload };

/** What the station is and how its vendor's firmware words things. */
export type Identity = {
  readonly stationId: string;
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string;
  /** Vendors differ: some report kWh and kW. */
  readonly unit: 'Wh' | 'kWh';
};

export type Progress = 'charging' | 'suspendedEV' | 'suspendedEVSE' | 'authorized';

/** How one OCPP version says what a station has to say. */
export type Dialect = {
  readonly protocol: 'ocpp1.6' | 'ocpp2.0.1';
  readonly boot: (identity: Identity, reason: 'PowerUp' | 'RemoteReset') => Said;
  readonly heartbeat: () => Said;
  readonly authorize: (tag: string) => Said;
  /** The version's word for a status. */
  readonly statusWord: (status: Status) => string;
  readonly status: (plug: Plug) => Said;
  readonly started: (plug: Plug, transaction: Transaction, sample: Sample) => Said;
  /** A change within the transaction; undefined where the version has no message for it (1.6 says it by status). */
  readonly progressed: (plug: Plug, transaction: Transaction, at: number, progress: Progress) => Said | undefined;
  readonly sampled: (plug: Plug, transaction: Transaction, sample: Sample, identity: Identity) => Said;
  readonly ended: (plug: Plug, transaction: Transaction, sample: Sample, reason: Reason) => Said;
  /** The answer's verdict on the tag ('Accepted', 'Blocked', ...) and the transaction id it gave, where it has them. */
  readonly heard: (answer: Payload) => { readonly verdict?: string; readonly transactionId?: number };
};
