import type { StopReason } from './fact.ts';

/**
 * The meter curve of a session: register readings in order, without those the line between the others tells to 1 Wh
 * (see domain/session/meter-curve.ts). Energy between any two instants is interpolated from it.
 * Points are [seconds since the session started, Wh since the session started]; both never fall.
 */
export type Curve = readonly (readonly [atSec: number, energyWh: number])[];

export const sessionFlags = [
  'meterSuspect',
  'inferredStop',
  'lateArrival',
  'orphan',
  'clockCorrected',
  'tagRefused',
  'energyEstimated',
  'seqGap',
] as const;

export type SessionFlag = (typeof sessionFlags)[number];

/** A completed, inferred or orphaned session: immutable but for later amendments, which carry a higher `rev`. */
export type EndedSession = {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly transactionId: string;
  readonly tag?: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly energyWh: number;
  readonly meterStartWh?: number;
  readonly meterStopWh?: number;
  readonly reason: StopReason;
  readonly vendorReason?: string;
  readonly curve: Curve;
  readonly flags: readonly SessionFlag[];
  /** `rev` of the item that produced it: an amendment has a higher one. */
  readonly rev: number;
};

/** From when to when a session was on record, which an amendment may move. */
export type TimesOnRecord = Pick<EndedSession, 'startedAt' | 'endedAt'>;
