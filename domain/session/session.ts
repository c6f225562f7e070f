import type { Curve, EndedSession, SessionFlag } from '../kernel/ended-session.ts';
import type { ChargingState } from '../kernel/fact.ts';
import type { Minute } from '../kernel/minute.ts';

/** How the register of this session is to be read. */
export type Register = {
  /** Register value (Wh, after `factor`) that counts as 0 Wh of this session. */
  readonly zeroWh: number;
  /** 1; 1000 where a station says Wh and means kWh; 0.001 where it says kWh and means Wh. */
  readonly factor: number;
  /** Energy delivered before the register was last reset within the session. */
  readonly carriedWh: number;
  /** A reading that was too far off to be believed (Wh, after `factor`): the next one confirms or refutes it. */
  readonly doubtWh?: number;
};

/** The open session of a connector, inside the connector's item. */
export type ActiveSession = {
  readonly sessionId: string;
  readonly transactionId: string;
  readonly tag?: string;
  readonly startedAt: number;
  /** A later message opened the session; its start may still come. */
  readonly startUnknown?: true;
  readonly meterStartWh?: number;
  readonly register?: Register;
  /** Delivered so far, Wh. Never negative, never falls. */
  readonly energyWh: number;
  readonly powerW?: number;
  readonly currentA?: number;
  readonly voltageV?: number;
  readonly socPercent?: number;
  readonly temperatureC?: number;
  readonly offeredW?: number;
  /** Event time of the last sample taken into account. */
  readonly sampledAt?: number;
  /** Power integrated over the session so far, Wh: what the register is held against. */
  readonly integratedWh?: number;
  /** Smoothed distance between samples, ms: a silent meter is silent relative to this. */
  readonly sampleIntervalMs?: number;
  /** Event time at which `energyWh` last grew. */
  readonly deliveredAt?: number;
  readonly chargingState?: ChargingState;
  readonly seqNo?: number;
  readonly curve: Curve;
  readonly flags: readonly SessionFlag[];
};

/** An end in the charger's word, as it was told, and how the register was read. */
export type ToldEnd = {
  readonly record: EndedSession;
  readonly register?: Register;
  readonly startUnknown?: true;
};

/** What a connector remembers of its last sessions, to recognise repeats, late messages and stops without an id. */
export type RecentSession = {
  readonly sessionId: string;
  readonly transactionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly meterStopWh?: number;
  readonly seqNo?: number;
  /** Kept while the end is our inference: the messages of the real one may still come and amend the record. */
  readonly kept?: ActiveSession;
  /** The minute that was open then: a live session that goes on after all goes on in it. */
  readonly keptMinute?: Minute;
  /** Kept until the next session begins: late readings still amend the record. A stop without its start waits longer. */
  readonly told?: ToldEnd;
};
