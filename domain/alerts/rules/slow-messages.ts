import type { StateChange } from '../../kernel/state-change.ts';
import type { ConnectorRule } from '../rule.ts';

/** What an offline queue sends is late by nature. */
const LIVE_MS = 300_000;

/** A status that is told at the very instant the one before began was moved there: its own stamp lies before that. */
const isOwnTime = (change: StateChange): boolean =>
  change.type === 'SessionMeasured' || (change.type === 'ConnectorStatusChanged' && change.at > change.fromAt);

/** How long the newest live message was on its way, by the station's clock: right but for a constant. */
const delayMs = (outbox: readonly StateChange[] | undefined): { change: StateChange; delayMs: number } | undefined => {
  const change = outbox?.findLast(isOwnTime);
  const late = change === undefined ? undefined : change.receivedAt - change.at;
  return change === undefined || late === undefined || Math.abs(late) > LIVE_MS ? undefined : { change, delayMs: late };
};

/**
 * The delay of successive messages jumps: a link that stalls. A clock that is off shifts all delays alike, so only their
 * difference is judged.
 */
export const slowMessages: ConnectorRule = {
  name: 'slow-messages',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when the delay of live messages jumped several times within an hour; clears when an hour has passed without a jump.',
  occur: ({ before, after }, { thresholds }) => {
    const earlier = delayMs(before?.outbox);
    const now = delayMs(after.outbox);
    if (!earlier || !now || earlier.change.id === now.change.id) return [];
    const slowerMs = now.delayMs - earlier.delayMs;
    if (slowerMs < thresholds.latencySpreadMs) return [];
    const { id, at, receivedAt } = now.change;
    const summary = `Messages come ${Math.round(slowerMs / 1000)} s later than before`;
    return [{ id, at, receivedAt, summary, detail: { slowerMs } }];
  },
  quorum: ({ shortConnections, shortConnectionsWithinMs }) => ({
    times: shortConnections,
    withinMs: shortConnectionsWithinMs,
  }),
  holdMs: ({ shortConnectionsWithinMs }) => shortConnectionsWithinMs,
};
