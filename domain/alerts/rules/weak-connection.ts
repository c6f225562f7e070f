import { deviceEventOf } from '../noted.ts';
import type { Occurrence, StationRule } from '../rule.ts';

/** Delay samples needed before their spread says anything. */
const ENOUGH_SAMPLES = 5;

/**
 * Three signs of one cause: connections that do not last, delays that vary, and what the modem says of its signal.
 * Only connections much shorter than API Gateway's own cuts count.
 */
export const weakConnection: StationRule = {
  name: 'weak-connection',
  subject: 'station',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when several connections in an hour were short, when message delays spread widely, or when the modem reports a weak signal; clears when an hour has passed without such a sign.',
  check: ({ state }, { thresholds }) => {
    if (state?.report?.errorCode === 'WeakSignal')
      return { since: state.report.at, summary: 'Station reports WeakSignal', detail: { errorCode: 'WeakSignal' } };
    const delaysMs = state?.clockSamplesMs ?? [];
    if (delaysMs.length < ENOUGH_SAMPLES) return undefined;
    const spreadMs = Math.max(...delaysMs) - Math.min(...delaysMs);
    if (spreadMs < thresholds.latencySpreadMs) return undefined;
    return {
      summary: `Delay of messages varies by ${Math.round(spreadMs / 1000)} s`,
      detail: { latencySpreadMs: spreadMs },
    };
  },
  occur: ({ before, after, changes }, { thresholds }) => [
    ...shortConnection(before?.connectivity, after.connectivity, thresholds.shortConnectionMs),
    ...changes.flatMap((change): readonly Occurrence[] => {
      const event = deviceEventOf(change);
      const signalDbm = event && /signal|rssi/i.test(event.variable) ? Number(event.value) : Number.NaN;
      if (!(signalDbm <= thresholds.signalDbm)) return [];
      const { id, at, receivedAt } = change;
      return [{ id, at, receivedAt, summary: `Signal ${signalDbm} dBm`, detail: { signalDbm } }];
    }),
  ],
  quorum: ({ shortConnections, shortConnectionsWithinMs }) => ({
    times: shortConnections,
    withinMs: shortConnectionsWithinMs,
  }),
  holdMs: ({ shortConnectionsWithinMs }) => shortConnectionsWithinMs,
};

type Connection = { readonly connectedAt?: number; readonly disconnectedAt?: number };

/** The connection that was replaced, if it did not last. Its id names the occurrence. */
const shortConnection = (
  before: Connection | undefined,
  after: Connection | undefined,
  shortMs: number,
): readonly Occurrence[] => {
  if (before?.connectedAt === undefined || after?.connectedAt === undefined) return [];
  if (after.connectedAt <= before.connectedAt) return [];
  const lastedMs = (before.disconnectedAt ?? after.connectedAt) - before.connectedAt;
  if (lastedMs >= shortMs) return [];
  return [
    {
      id: `connection/${after.connectedAt}`,
      at: after.connectedAt,
      receivedAt: after.connectedAt,
      summary: 'Reconnects again and again',
      detail: { lastConnectionMs: lastedMs },
    },
  ];
};
