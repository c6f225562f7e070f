import type { ActiveSession } from '../session/session.ts';

/** Wh delivered until `atSec` seconds into the session, by interpolation; undefined outside the curve. */
const energyAtWh = (curve: ActiveSession['curve'], atSec: number): number | undefined => {
  const next = curve.findIndex(([pointSec]) => pointSec >= atSec);
  const after = curve[next];
  if (!after) return undefined;
  const before = curve[next - 1];
  if (!before) return after[0] === atSec ? after[1] : undefined;
  const share = (atSec - before[0]) / (after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]);
};

/**
 * Mean power over the last `windowMs` of metered time, W, from the difference of the register: one odd sample weighs nothing.
 * Undefined until the session has been metered for that long.
 */
export const meanPowerW = (session: ActiveSession, windowMs: number): number | undefined => {
  const last = session.curve.at(-1);
  if (!last) return undefined;
  const [lastSec, lastWh] = last;
  const windowSec = windowMs / 1000;
  const fromWh = energyAtWh(session.curve, lastSec - windowSec);
  return fromWh === undefined ? undefined : ((lastWh - fromWh) * 3600) / windowSec;
};
