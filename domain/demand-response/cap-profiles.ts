import type { ChargingProfile, SchedulePeriod } from '../kernel/charging-profile.ts';
import { RESTORE_RAMP_SEC, RESTORE_WINDOW_SEC, restoreDelaySec, restoreEndSec, restoreSteps } from './restore-steps.ts';
import { endFor, isEmergencyFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

/** Above the fail-safe default, below an operator's own maximum. */
const DR_STACK_LEVEL = 1;

type Cap = Omit<ChargingProfile, 'profileId'>;

const second = (atMs: number): number => Math.floor(atMs / 1_000) * 1_000;

type Steps = readonly { readonly startSec: number; readonly limitW: number }[];

/** A part of a station's cap: where it is set, and which share of the station's power it stands for. */
type Part = Pick<Cap, 'purpose' | 'evseId' | 'transactionId'> & { readonly share: number };

/**
 * Where the cap of a station is set: as a maximum for the whole. A station that takes none gets its share per car: as the
 * profile of each transaction, in proportion to what they draw, and as the default of those that come.
 */
const partsOf = ({ abilities, transactions }: PlannedStation): readonly Part[] => {
  if (abilities?.hasStationMax !== false) return [{ purpose: 'station-max', evseId: 0, share: 1 }];
  const totalW = transactions.reduce((sum, { powerW }) => sum + powerW, 0);
  const each = 1 / Math.max(1, transactions.length);
  const running = transactions.map(
    ({ evseId, transactionId, powerW }): Part => ({
      purpose: 'tx',
      evseId,
      transactionId,
      share: totalW > 0 ? powerW / totalW : each,
    }),
  );
  return [{ purpose: 'tx-default', evseId: 0, share: each }, ...running];
};

/** Profiles that begin now with these steps of the station's power and end with the last of them. */
const profilesOf = (station: PlannedStation, startAt: number, steps: Steps, endSec: number): readonly Cap[] =>
  partsOf(station).map(({ share, ...place }) => {
    const periods = steps.map(({ startSec, limitW }): SchedulePeriod => ({ startSec, limitW: limitW * share }));
    const schedule = { kind: 'absolute', startAt, periods, durationSec: endSec } as const;
    return { ...place, stackLevel: DR_STACK_LEVEL, validTo: startAt + endSec * 1_000, schedule };
  });

/** A station's return to normal as steps. `seed` spreads returns: with another one the same station has another delay. */
const returnOf = ({ stationId, capW, ratedW, abilities }: PlannedStation, seed: string, isEmergency: boolean) => {
  const delaySec = isEmergency ? 0 : restoreDelaySec(seed, stationId, RESTORE_WINDOW_SEC);
  const line = { targetW: Math.min(capW, ratedW), normalW: ratedW, delaySec, rampSec: RESTORE_RAMP_SEC };
  return { steps: restoreSteps(line, abilities?.maxPeriods), endSec: restoreEndSec(line) };
};

/** The signal that gives returns their spread: the one that ends last, by id where two do. */
const seedOf = (plan: ZonePlan, station: PlannedStation): string => {
  const endAt = endFor(plan, station);
  const ids = plan.signals.filter((signal) => signal.endAt === endAt).map(({ signalId }) => signalId);
  return ids.sort()[0] ?? '';
};

/**
 * What a station is sent for its share in a plan: its cap until the last signal ends, and the return to normal after it, as
 * periods of one profile: it needs no cloud to come back (a delay of its own within ten minutes, then a ramp of a minute;
 * no delay in an emergency). Empty when no signal concerns it, or all are over.
 */
export const capProfiles = (plan: ZonePlan, station: PlannedStation, now: number): readonly Cap[] => {
  const endAt = endFor(plan, station);
  const startAt = second(now);
  if (endAt === undefined || endAt <= now) return [];
  const untilSec = Math.ceil((endAt - startAt) / 1_000);
  const { steps, endSec } = returnOf(station, seedOf(plan, station), isEmergencyFor(plan, station));
  const rise = steps.filter(({ startSec, limitW }) => startSec > 0 || limitW > station.capW);
  const periods = [
    { startSec: 0, limitW: station.capW },
    ...rise.map(({ startSec, limitW }) => ({ startSec: untilSec + startSec, limitW })),
  ];
  return profilesOf(station, startAt, periods, untilSec + endSec);
};

/** What is left of steps when the first seconds of them are over. */
const stepsFrom = (steps: Steps, elapsedSec: number): Steps =>
  [
    ...steps.filter(({ startSec }) => startSec <= elapsedSec).slice(-1),
    ...steps.filter(({ startSec }) => startSec > elapsedSec),
  ].map(({ startSec, limitW }) => ({ startSec: Math.max(0, startSec - elapsedSec), limitW }));

/** What lifts a limit is in force for so long at least, s: until then it can be sent. */
const LEAST_RETURN_SEC = RESTORE_RAMP_SEC;

/**
 * What a station is sent whose event ends before its time: the return to normal, which began at `returnsAt`, with a delay by
 * `seed`. Sent again it is what is left of the same return, and full power after it: a station that took it before, and whose
 * answer was lost, is limited no longer for it.
 */
export const returnProfiles = (
  station: PlannedStation,
  seed: string,
  isEmergency: boolean,
  returnsAt: number,
  now: number,
): readonly Cap[] => {
  const { steps, endSec } = returnOf(station, seed, isEmergency);
  const elapsedSec = Math.max(0, (second(now) - second(returnsAt)) / 1_000);
  return profilesOf(
    station,
    second(now),
    stepsFrom(steps, elapsedSec),
    Math.max(LEAST_RETURN_SEC, endSec - elapsedSec),
  );
};
