import type { StationRule } from '../rule.ts';
import { eventConnector } from '../station-event.ts';
import { groundFaultEvent, groundFaultIn } from './ground-fault.ts';

/** The same danger, told by connector 0 or by a device event that names no connector. */
export const stationGroundFault: StationRule = {
  name: 'station-ground-fault',
  subject: 'station',
  severity: 'critical',
  driven: 'change',
  about:
    'Raised when the station itself (connector 0, or an RCD of no connector) tells of a ground fault; clears as ground-fault does.',
  check: ({ state }) => groundFaultIn(state?.report),
  occur: ({ after, changes }) =>
    changes.filter((change) => eventConnector(change, after.registration) === undefined).flatMap(groundFaultEvent),
  holdMs: ({ groundFaultHoldMs }) => groundFaultHoldMs,
};
