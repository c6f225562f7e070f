import { reportedFault } from '../reported-fault.ts';
import type { StationRule } from '../rule.ts';

/** Connector 0 speaks for the station: one alert for it, none for the connectors it overlays. */
export const stationFault: StationRule = {
  name: 'station-fault',
  subject: 'station',
  severity: 'major',
  driven: 'change',
  about:
    'Raised when a station reports itself (connector 0) Faulted, as a warning when it reports an error code without it; clears with its next healthy status.',
  check: ({ state }) =>
    reportedFault(state?.report, ['GroundFailure', 'WeakSignal'], {
      faulted: 'Station faulted',
      reports: 'Station reports',
    }),
};
