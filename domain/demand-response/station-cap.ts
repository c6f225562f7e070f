import type { ChargingProfile, SchedulePeriod } from '../kernel/charging-profile.ts';
import { RESTORE_RAMP_SEC, RESTORE_WINDOW_SEC, restoreDelaySec, restoreEndSec, restoreSteps } from './restore.ts';
import { endFor, isEmergencyFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

/** Above the fail-safe default, below an operator's own maximum. */
export const DR_STACK_LEVEL = 1;

type Cap = Omit<ChargingProfile, 'profileId'>;

const second = (atMs: number): number => Math.floor(atMs / 1_000) * 1_000;

/** A maximum for the station that begins now with these periods and ends with the last of them. */
const stationMax = (startAt: number, periods: readonly SchedulePeriod[], endSec: number): Cap => ({
  purpose: 'station-max',
  evseId: 0,
  stackLevel: DR_STACK_LEVEL,
  validTo: startAt + endSec * 1_000,
  schedule: { kind: 'absolute', startAt, periods, durationSec: endSec },
});

const returnOf = (
  { stationId, capW, ratedW }: PlannedStation,
  seed: string,
  isEmergency: boolean,
  mostPeriods: number | undefined,
) => {
  const delaySec = isEmergency ? 0 : restoreDelaySec(seed, stationId, RESTORE_WINDOW_SEC);
  const line = { targetW: Math.min(capW, ratedW), normalW: ratedW, delaySec, rampSec: RESTORE_RAMP_SEC };
  return { steps: restoreSteps(line, mostPeriods), endSec: restoreEndSec(line) };
};

/** The signal that gives returns their spread: the one that ends last, by id where two do. */
const seedOf = (plan: ZonePlan, station: PlannedStation): string => {
  const endAt = endFor(plan, station);
  const ids = plan.signals.filter((signal) => signal.endAt === endAt).map(({ signalId }) => signalId);
  return ids.sort()[0] ?? '';
};

/**
 * What a station is sent for its share in a plan: its cap until the last signal ends, and the return to normal after it, as
 * periods of one profile: it needs no cloud to come back (a delay of its own within ten minutes,
 * then a ramp of a minute; none in an emergency). Undefined when no signal concerns it, or all are over.
 */
export const capProfile = (
  plan: ZonePlan,
  station: PlannedStation,
  now: number,
  mostPeriods?: number,
): Cap | undefined => {
  const endAt = endFor(plan, station);
  const startAt = second(now);
  if (endAt === undefined || endAt <= now) return undefined;
  const untilSec = Math.ceil((endAt - startAt) / 1_000);
  const { steps, endSec } = returnOf(station, seedOf(plan, station), isEmergencyFor(plan, station), mostPeriods);
  const rise = steps.filter(({ startSec, limitW }) => startSec > 0 || limitW > station.capW);
  const periods = [
    { startSec: 0, limitW: station.capW },
    ...rise.map(({ startSec, limitW }) => ({ startSec: untilSec + startSec, limitW })),
  ];
  return stationMax(startAt, periods, untilSec + endSec);
};

/** What a station is sent whose event ends before its time: the return to normal, from now on. */
export const returnProfile = (
  station: PlannedStation,
  signalId: string,
  isEmergency: boolean,
  now: number,
  mostPeriods?: number,
): Cap => {
  const { steps, endSec } = returnOf(station, signalId, isEmergency, mostPeriods);
  return stationMax(second(now), steps, Math.max(1, endSec));
};
