import { energyAt } from '../session/curve.ts';
import type { ActiveSession } from '../session/session.ts';

/**
 * Mean power over the last `windowMs` of metered time, W, from the difference of the register: one odd sample weighs nothing.
 * Undefined until the session has been metered for that long.
 */
export const meanPowerW = ({ curve }: ActiveSession, windowMs: number): number | undefined => {
  const last = curve.at(-1);
  const windowSec = windowMs / 1000;
  if (!last || last[0] < windowSec) return undefined;
  return ((last[1] - energyAt(curve, last[0] - windowSec)) * 3600) / windowSec;
};
