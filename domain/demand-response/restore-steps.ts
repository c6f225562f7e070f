import { fnv1a32 } from './fnv1a32.ts';

/** Stations return within this window after the event, each after a delay of its own. */
export const RESTORE_WINDOW_SEC = 600;
export const RESTORE_RAMP_SEC = 60;
/** Steps of a ramp: OCPP has no slopes. */
const RAMP_STEPS = 6;

/** How long a station waits before it returns, s: spread evenly, and the same however often it is asked. */
export const restoreDelaySec = (signalId: string, stationId: string, windowSec = RESTORE_WINDOW_SEC): number =>
  windowSec === 0 ? 0 : fnv1a32(`${signalId}|${stationId}`) % windowSec;

/** A return from the target of an event to normal. */
export type Return = {
  readonly targetW: number;
  readonly normalW: number;
  readonly delaySec: number;
  readonly rampSec: number;
};

/** The ideal line: target until the delay is over, then straight up to normal. W at so many seconds after the end. */
export const idealW = ({ targetW, normalW, delaySec, rampSec }: Return, atSec: number): number => {
  if (atSec >= delaySec + rampSec) return normalW;
  return atSec <= delaySec ? targetW : targetW + ((normalW - targetW) * (atSec - delaySec)) / rampSec;
};

/** One step of a schedule: from here on so much. */
export type Step = { readonly startSec: number; readonly limitW: number };

/**
 * The return as steps from the end of the event on, none above the ideal line: six of ten seconds, or as many as the station
 * allows periods beside the target's. Steps rise, and end with normal: the last begins when the ramp is over.
 */
export const restoreSteps = (plan: Return, mostPeriods = RAMP_STEPS + 1): readonly Step[] => {
  const { targetW, delaySec, rampSec, normalW } = plan;
  // A schedule counts in whole seconds: a ramp of two seconds has two steps at most.
  const steps = Math.max(1, Math.min(RAMP_STEPS, mostPeriods - 1, Math.floor(rampSec)));
  const rise = Array.from({ length: steps }, (_, index) => {
    const startSec = delaySec + Math.ceil((rampSec * (index + 1)) / steps);
    return { startSec, limitW: index + 1 === steps ? normalW : idealW(plan, startSec) };
  });
  const first = rise[0];
  return first?.startSec === 0 ? rise : [{ startSec: 0, limitW: targetW }, ...rise];
};

/** Until when a profile that holds the event and the return must be valid: seconds past the end of the event. */
export const restoreEndSec = ({ delaySec, rampSec }: Pick<Return, 'delaySec' | 'rampSec'>): number =>
  delaySec + rampSec;
