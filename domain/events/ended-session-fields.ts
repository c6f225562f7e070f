import type { EndedSession } from '../kernel/ended-session.ts';
import { iso } from '../kernel/iso.ts';
import type { EventType } from './published-event.ts';

/** What an ended session tells on the bus: its record, instants in ISO 8601. */
export const endedSessionFields = (session: EndedSession): Readonly<Record<string, unknown>> => ({
  sessionId: session.sessionId,
  transactionId: session.transactionId,
  tag: session.tag,
  startedAt: iso(session.startedAt),
  endedAt: iso(session.endedAt),
  durationSec: Math.round((session.endedAt - session.startedAt) / 1000),
  energyWh: session.energyWh,
  meterStartWh: session.meterStartWh,
  meterStopWh: session.meterStopWh,
  reason: session.reason,
  vendorReason: session.vendorReason,
  flags: session.flags,
});

/** A session whose start was never told has an event of its own: it must not be billed as it is. */
export const endedEventType = ({ flags }: EndedSession): EventType =>
  flags.includes('orphan') ? 'SessionOrphaned' : 'SessionEnded';
