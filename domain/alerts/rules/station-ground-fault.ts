import { notedConnector } from '../noted.ts';
import type { StationRule } from '../rule.ts';
import { groundFaultIn, groundFaultNoted } from './ground-fault.ts';

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
    changes.filter((change) => notedConnector(change, after.registration) === undefined).flatMap(groundFaultNoted),
  holdMs: ({ groundFaultHoldMs }) => groundFaultHoldMs,
};
