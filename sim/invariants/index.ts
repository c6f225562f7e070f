import { alertsAreTold } from './alerts-are-told.ts';
import { alertsHaveCauses } from './alerts-have-causes.ts';
import { answersInTime } from './answers-in-time.ts';
import { availabilityEqualsStatuses } from './availability-equals-statuses.ts';
import { commandsEnd } from './commands-end.ts';
import { connectionsAreKnown } from './connections-are-known.ts';
import { eventsEqualLog } from './events-equal-log.ts';
import { everythingSettles } from './everything-settles.ts';
import type { Invariant } from './invariant.ts';
import { minutesEqualSessions } from './minutes-equal-sessions.ts';
import { noSessionNobodyHad } from './no-session-nobody-had.ts';
import { nothingParked } from './nothing-parked.ts';
import { oneCallAtATime } from './one-call-at-a-time.ts';
import { placesEqualConnectors } from './places-equal-connectors.ts';
import { powerWithinLimit } from './power-within-limit.ts';
import { refusalsLeaveNothing } from './refusals-leave-nothing.ts';
import { reliefCountsEverybody } from './relief-counts-everybody.ts';
import { reliefIsRestored } from './relief-is-restored.ts';
import { revenueEqualsSessions } from './revenue-equals-sessions.ts';
import { sessionsArePriced } from './sessions-are-priced.ts';
import { sessionsEqualMeters } from './sessions-equal-meters.ts';
import { timelineTellsAll } from './timeline-tells-all.ts';
import { uptimeEqualsRecord } from './uptime-equals-record.ts';

/** Every invariant there is. A new one: a file beside this, a line here. */
export const invariants: readonly Invariant[] = [
  sessionsEqualMeters,
  noSessionNobodyHad,
  minutesEqualSessions,
  placesEqualConnectors,
  eventsEqualLog,
  alertsAreTold,
  alertsHaveCauses,
  timelineTellsAll,
  connectionsAreKnown,
  answersInTime,
  refusalsLeaveNothing,
  nothingParked,
  everythingSettles,
  oneCallAtATime,
  commandsEnd,
  reliefCountsEverybody,
  reliefIsRestored,
  powerWithinLimit,
  sessionsArePriced,
  revenueEqualsSessions,
  availabilityEqualsStatuses,
  uptimeEqualsRecord,
];
