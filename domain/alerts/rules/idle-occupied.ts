import { chargingPhase } from '../charging-phase.ts';
import { durationText } from '../quantity-text.ts';
import type { ConnectorRule } from '../rule.ts';

/** The car is done and still there: where idle fees begin. A pause that we asked for (suspendedEVSE) is not the driver's doing. */
export const idleOccupied: ConnectorRule = {
  name: 'idle-occupied',
  subject: 'connector',
  severity: 'info',
  driven: 'change',
  about:
    'Raised when a connector is still occupied, for the idle time, after its car stopped drawing, also when its session ends meanwhile; clears when the car charges or leaves.',
  check: (connector, { now, thresholds, holding }) => {
    const phase = chargingPhase(connector);
    if (phase !== 'done' && phase !== 'suspendedEV') return undefined;
    const { session, statusAt, recent } = connector;
    const usedAt = session ? Math.max(session.startedAt, session.deliveredAt ?? 0) : (recent[0]?.endedAt ?? 0);
    const idleSince = Math.max(statusAt, usedAt);
    // Once told it stays, although the session ends and another status begins (Finishing after SuspendedEV).
    if (!holding && now < idleSince + thresholds.idleOccupiedMs) return undefined;
    return {
      since: idleSince,
      summary: `Occupied without charging for ${durationText(now - idleSince)}`,
      detail: { idleSince: new Date(idleSince).toISOString(), ...(session ? { sessionId: session.sessionId } : {}) },
    };
  },
};
