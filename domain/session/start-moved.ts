import type { SessionStarted } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { roundWh, secondsIn } from './curve.ts';
import { flagged } from './metering.ts';
import { plausibleWh } from './plausible-energy.ts';
import type { ActiveSession } from './session.ts';

/** Energy between the register of the start and the first reading that was known, if it can have been. */
const missedWh = ({ register, startedAt }: ActiveSession, fact: SessionStarted, at: number, ratedW: number): number => {
  const { meterStartWh } = fact;
  if (meterStartWh === undefined || register === undefined || register.factor !== 1 || register.carriedWh !== 0)
    return 0;
  const missed = roundWh(register.zeroWh - meterStartWh);
  return missed > 0 && missed <= plausibleWh(ratedW, startedAt - at) ? missed : 0;
};

/**
 * A session that was known from a later message on, once its start is told: it begins then, and what it delivered before is
 * part of it. `at` is the time of the start.
 */
export const startMoved = (session: ActiveSession, fact: SessionStarted, at: number, ratedW: number): ActiveSession => {
  const { startUnknown: _, ...known } = session;
  const { tag = session.tag, meterStartWh = session.meterStartWh } = fact;
  const learned = { ...known, ...omitUndefined({ tag, meterStartWh }) };
  const judged = fact.tagVerdict ? flagged(learned, 'tagRefused') : learned;
  if (at >= session.startedAt) return judged;
  const wh = missedWh(session, fact, at, ratedW);
  const sec = secondsIn(at, session.startedAt);
  const { register } = session;
  return {
    ...judged,
    startedAt: at,
    energyWh: roundWh(session.energyWh + wh),
    ...(register && wh > 0 ? { register: { ...register, zeroWh: roundWh(register.zeroWh - wh) } } : {}),
    curve: [[0, 0], ...session.curve.map(([atSec, energyWh]) => [atSec + sec, roundWh(energyWh + wh)] as const)],
  };
};
