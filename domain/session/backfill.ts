import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Reading } from '../kernel/fact.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { roundWh, secondsIn, withPoint } from './curve.ts';
import type { MeteredSession } from './metering.ts';

/** A reading older than the last: it completes the curve where it agrees with its neighbours, and never the live figures. */
export const backfilled = (bay: MeteredSession, moment: EventContext, reading: Reading): Transition<MeteredSession> => {
  const { session, minute } = bay;
  const { register, startedAt } = session;
  if (reading.energyWh === undefined || register === undefined) return unchanged(bay);
  const energyWh = roundWh(register.carriedWh + reading.energyWh * register.factor - register.zeroWh);
  const sec = secondsIn(startedAt, moment.at);
  const before = session.curve.findLast(([other]) => other <= sec);
  const after = session.curve.find(([other]) => other > sec);
  if (!before || !after || energyWh < before[1] || energyWh > after[1] || before[0] === sec) return unchanged(bay);
  const next: MeteredSession = {
    ...bay,
    session: { ...session, curve: withPoint(session.curve, startedAt, sec, energyWh) },
  };
  if (minute === undefined || moment.at >= minute.startAt) return { next, changes: [] };
  // The open minute keeps its start register: what is recomputed are closed minutes only, so sums stay what they are.
  const openAfter = { at: minute.startAt, energyWh: roundWh((minute.registerWh ?? 0) - minute.energyWh) };
  const afterPoint = { at: startedAt + after[0] * 1000, energyWh: after[1] };
  const beforePoint = { at: startedAt + before[0] * 1000, energyWh: before[1] };
  const neighbour = afterPoint.at < openAfter.at ? afterPoint : openAfter;
  if (energyWh > neighbour.energyWh) return unchanged(bay);
  return {
    next,
    changes: [
      {
        type: 'ReadingBackfilled',
        ...contextFields(moment),
        sessionId: session.sessionId,
        energyWh,
        before: beforePoint,
        after: neighbour,
      },
    ],
  };
};
