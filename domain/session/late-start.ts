import type { Connector } from '../connector/connector.ts';
import { defined } from '../defined.ts';
import type { SessionStarted } from '../fact.ts';
import { type Step, unchanged } from '../station/step.ts';
import { openSession } from './begin.ts';
import { endSession } from './end.ts';
import type { Moment } from './moment.ts';
import type { RecentSession } from './session.ts';

/**
 * The start of a session that ended already. Where only the end was known (an orphan), its record is completed: when it
 * began, its tag, and the energy between its meters. Nothing is opened again; any other start that comes late is a repeat.
 */
export const startedLate = (
  connector: Connector,
  recent: RecentSession,
  fact: SessionStarted,
  moment: Moment,
): Step<Connector> => {
  const record = recent.told?.record;
  if (record === undefined || !record.flags.includes('orphan') || fact.clock !== 'charger') return unchanged(connector);
  const { meterStopWh, reason, vendorReason, tag, sessionId, endedAt } = record;
  const session = {
    ...openSession(
      moment,
      fact,
      record.flags.filter((flag) => flag !== 'orphan'),
    ),
    sessionId,
  };
  const result = endSession(
    { session },
    { ...moment, at: endedAt },
    connector.place.ratedW,
    { reason, ...defined({ meterStopWh, vendorReason, tag, seqNo: recent.seqNo }) },
    'SessionAmended',
    connector.rev + 1,
  );
  const remembered = connector.recent.map((other) => (other.sessionId === sessionId ? result.recent : other));
  return { next: { ...connector, recent: remembered }, changes: result.changes };
};
