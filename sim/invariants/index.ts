import { alertsAreTold } from './alerts-are-told.ts';
import { commandsEnd } from './commands-end.ts';
import { eventsEqualLog } from './events-equal-log.ts';
import { everythingSettles } from './everything-settles.ts';
import type { Invariant } from './invariant.ts';
import { minutesEqualSessions } from './minutes-equal-sessions.ts';
import { noSessionNobodyHad } from './no-session-nobody-had.ts';
import { nothingParked } from './nothing-parked.ts';
import { oneCallAtATime } from './one-call-at-a-time.ts';
import { reliefIsRestored } from './relief-is-restored.ts';
import { sessionsEqualMeters } from './sessions-equal-meters.ts';

/** Every invariant there is. A new one: a file beside this, a line here. */
export const invariants: readonly Invariant[] = [
  sessionsEqualMeters,
  noSessionNobodyHad,
  minutesEqualSessions,
  eventsEqualLog,
  alertsAreTold,
  nothingParked,
  everythingSettles,
  oneCallAtATime,
  commandsEnd,
  reliefIsRestored,
];
