import { DAY_MS, STATUSES_KEPT_MS } from '../kernel/durations.ts';

/** What an entry is about, and for how many days it is kept. */
export const timelineRetentionDays = {
  status: STATUSES_KEPT_MS / DAY_MS,
  fault: 400,
  warning: 180,
  session: 400,
  meter: 180,
  connection: 90,
  boot: 400,
  clock: 180,
  authorization: 90,
  security: 400,
  firmware: 400,
  diagnostics: 90,
  command: 180,
  reservation: 90,
  alert: 400,
  note: 30,
} as const;
export type TimelineKind = keyof typeof timelineRetentionDays;

/**
 * One line of the history of a station or connector. `id` comes from the change that caused it, so a replay writes the
 * same entry again; later kinds (alerts, commands) bring their own.
 */
export type TimelineEntry = {
  /** stationId, or stationId#evseId#connectorId. */
  readonly subject: string;
  readonly id: string;
  /** Event time, ms. */
  readonly at: number;
  readonly kind: TimelineKind;
  readonly title: string;
  readonly detail: Readonly<Record<string, unknown>>;
};
