import { leastChargingW } from '../../connector/least-charging-w.ts';
import { leastLimitW } from '../../connector/replaced-limits.ts';
import { isFreed } from '../../fleet/abandoned-sessions.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import { chargingPhase } from '../charging-phase.ts';
import { durationText } from '../quantity-text.ts';
import type { ConnectorRule } from '../rule.ts';

/** A station's clock may be off by this much and still count as right. */
const STAMP_TOLERANCE_MS = 300_000;

/**
 * A connection over which nothing came for 10 minutes is closed, and a minute later everybody knows: one that is still open
 * then has carried something, though a heartbeat may not be noted for a quarter-hour.
 */
const IDLE_CLOSED_MS = 11 * MINUTE_MS;

/**
 * A session without progress for max(10 min, 3 sample intervals), split by cause: no meter values, or values that do not grow.
 * The third cause, a station that is offline or silent, is told by `station-offline` (with its number of open sessions) or
 * `silent-station`: this rule is held while a station counts as offline, and quiet while nothing at all is heard of it. A
 * connector that says it is free has no stalled session, but one whose stop was lost: the sweep ends that.
 */
export const stalledSession: ConnectorRule = {
  name: 'stalled-session',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a session neither reports nor delivers (cause NO_METER or NO_ENERGY; OFFLINE is told by station-offline); clears when it does, pauses or ends.',
  check: (connector, { now, thresholds, station }) => {
    const { session, statusAt, lastSeenAt } = connector;
    const phase = chargingPhase(connector);
    if (!session || (phase !== undefined && phase !== 'charging') || isFreed(connector, session)) return undefined;
    const patienceMs = Math.max(thresholds.stallMs, thresholds.stallSampleIntervals * (session.sampleIntervalMs ?? 0));
    // A pause or an offline time that has just ended begins a new patience: `statusAt` is its end.
    const meteredAt = Math.max(session.startedAt, statusAt, session.sampledAt ?? 0);
    const deliveredAt = Math.max(session.startedAt, statusAt, session.deliveredAt ?? 0);
    const detail = { sessionId: session.sessionId, energyWh: session.energyWh };
    if (now >= meteredAt + patienceMs) {
      const spokeSince = station.heardAt >= meteredAt + Math.max(STAMP_TOLERANCE_MS, session.sampleIntervalMs ?? 0);
      const keepsConnection = station.connected && now >= Math.max(meteredAt, lastSeenAt) + IDLE_CLOSED_MS;
      // Nothing was heard from the station either: that is its silence, not the meter's.
      if (!spokeSince && !keepsConnection) return undefined;
      return {
        since: meteredAt,
        summary: `No meter values for ${durationText(now - meteredAt)}`,
        detail: { ...detail, cause: 'NO_METER' },
      };
    }
    const full = session.socPercent !== undefined && session.socPercent >= 100;
    if (full || now < deliveredAt + patienceMs) return undefined;
    // Paused by a limit of ours, 0 or less than a car charges with: a station may go on saying that it charges.
    if (leastLimitW(connector, now - patienceMs, now) < leastChargingW(connector)) return undefined;
    return {
      since: deliveredAt,
      summary: `No energy for ${durationText(now - deliveredAt)}`,
      detail: { ...detail, cause: 'NO_ENERGY' },
    };
  },
};
