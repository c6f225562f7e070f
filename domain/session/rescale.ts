import type { EventContext } from '../kernel/event-context.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { roundWh } from './curve.ts';
import { type MeteredSession, minutesRetold, suspected } from './metering.ts';
import { judgedByPower } from './register.ts';

/** Corrects a session whose register turned out to count kWh: everything so far was a thousandth of the truth. */
export const rescaled = (bay: MeteredSession, moment: EventContext): Transition<MeteredSession> => {
  const { session, minute } = bay;
  const register = session.register && judgedByPower(session.energyWh, session.integratedWh ?? 0, session.register);
  if (register === undefined) return unchanged(bay);
  const curve = session.curve.map(([sec, energyWh]) => [sec, roundWh(energyWh * 1000)] as const);
  const energyWh = roundWh(session.energyWh * 1000);
  const told = suspected({ ...session, register, curve, energyWh }, moment, 'the register says Wh and means kWh');
  if (minute === undefined) return { next: { session: told.next }, changes: told.changes };
  const again = minutesRetold(told.next, minute, moment);
  return { next: { session: told.next, minute: again.next }, changes: [...told.changes, ...again.changes] };
};
