import type { Occurrence, StationRule } from '../rule.ts';
import { stationEventOf } from '../station-event.ts';

/**
 * Two signs of a bad link: connections that do not last, and what the modem says of its signal. The third, messages that come
 * late, is told by `slow-messages`. Only connections much shorter than API Gateway's own cuts count.
 */
export const weakConnection: StationRule = {
  name: 'weak-connection',
  subject: 'station',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when several connections in an hour were short or the modem reported a weak signal; clears when an hour has passed without either.',
  check: ({ state }) => {
    const report = state?.report;
    if (report?.errorCode !== 'WeakSignal') return undefined;
    return { since: report.at, summary: 'Station reports WeakSignal', detail: { errorCode: 'WeakSignal' } };
  },
  occur: ({ before, after, changes }, { thresholds }) => [
    ...shortConnection(before?.connectivity, after.connectivity, thresholds.shortConnectionMs),
    ...changes.flatMap((change): readonly Occurrence[] => {
      const event = stationEventOf(change);
      const signalDbm =
        event?.kind === 'device' && /signal|rssi/i.test(event.variable) ? Number(event.value) : Number.NaN;
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
