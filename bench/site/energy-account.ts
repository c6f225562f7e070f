import { takenW } from '../../simulator/charge-point/cars/vehicle.ts';
import type { StationRecord } from '../../simulator/charge-point/station-record.ts';
import { capacityW, outletOffer, type SimulatedSite } from './simulated-site.ts';

/**
 * Where energy that cars could have taken was left, Wh, from what their chargers and the building know.
 *
 * While all cars together could take more than the building leaves:
 * - `sinceReading`: the building left more than at its last reading (negative: less, and that much too much was taken);
 * - `forArrivals`, `keptFree`, `notGivenOut`: of that reading, what no charger had accepted: the fall-back of cars that are
 *   plugged in without a session; up to 2 % of it; the rest;
 * - `beyondNeed`: accepted for cars that could not take it (nearly full, paused below their minimum, or small);
 * - `onItsWay`: accepted, could be taken, and not flowing yet.
 *
 * Otherwise `withheld`: there was room, and a car had not been given what it could take; or it was on its way as above.
 */
export type EnergyAccount = {
  sinceReading: number;
  forArrivals: number;
  keptFree: number;
  notGivenOut: number;
  beyondNeed: number;
  onItsWay: number;
  withheld: number;
  /** All that could have flowed at each instant: what the optimum has on top, it has at another time of the day. */
  possible: number;
};

const causes = [
  'sinceReading',
  'forArrivals',
  'keptFree',
  'notGivenOut',
  'beyondNeed',
  'onItsWay',
  'withheld',
  'possible',
] as const satisfies readonly (keyof EnergyAccount)[];

/** Several accounts as one; none: nothing was left anywhere. */
export const sumOfAccounts = (accounts: readonly EnergyAccount[]): EnergyAccount => {
  const total = Object.fromEntries(causes.map((cause) => [cause, 0])) as EnergyAccount;
  for (const account of accounts) for (const cause of causes) total[cause] += account[cause];
  return total;
};

/** What was left, cause by cause, as percent of the optimum; `later` is what only the optimum's hindsight had at another time. */
export const percentLeft = (account: EnergyAccount, optimumWh: number): Readonly<Record<string, number>> => {
  const percent = (energyWh: number): number => Number(((100 * energyWh) / optimumWh).toFixed(2));
  const { possible, ...left } = account;
  return {
    ...Object.fromEntries(Object.entries(left).map(([cause, energyWh]) => [cause, percent(energyWh)])),
    later: percent(optimumWh - possible),
  };
};

const KEPT_FREE_SHARE = 0.02;

/** What all cars of a site could take at this instant, of it what they have accepted, and what is in the way, W. */
const seen = (site: SimulatedSite, records: readonly StationRecord[], at: number) => {
  const sums = { couldW: 0, acceptedW: 0, usableW: 0, drawnW: 0, arrivingW: 0 };
  for (const { stationId, connectors } of records)
    for (const { evseId, transaction, car, acceptedW, powerW } of connectors) {
      sums.drawnW += powerW;
      if (transaction === undefined && car !== undefined) sums.arrivingW += acceptedW;
      if (transaction === undefined) continue;
      sums.acceptedW += acceptedW;
      const path = `${stationId}/${evseId}`;
      const visit = site.visits.get(path)?.findLast((one) => one.at <= at);
      if (car === undefined || visit === undefined) continue;
      const couldW = takenW({ ...visit.vehicle, socPercent: car.socPercent }, outletOffer(site, path));
      sums.couldW += couldW;
      sums.usableW += Math.min(couldW, acceptedW);
    }
  return sums;
};

/** Adds what was left in so long. `readingAt` is when the building was last told of, ms. */
export const noteEnergy = (
  account: EnergyAccount,
  site: SimulatedSite,
  records: readonly StationRecord[],
  { at, readingAt, durationMs }: { readonly at: number; readonly readingAt: number; readonly durationMs: number },
): void => {
  const { couldW, acceptedW, usableW, drawnW, arrivingW } = seen(site, records, at);
  const leftW = capacityW(site, at);
  const toldW = capacityW(site, readingAt);
  const add = (cause: keyof EnergyAccount, powerW: number): void => {
    account[cause] += (powerW * durationMs) / 3_600_000;
  };
  add('possible', Math.min(leftW, couldW));
  add('onItsWay', usableW - drawnW);
  if (couldW <= leftW) {
    add('withheld', couldW - usableW);
    return;
  }
  add('sinceReading', leftW - toldW);
  add('beyondNeed', acceptedW - usableW);
  const freeW = toldW - acceptedW;
  const forArrivalsW = Math.min(Math.max(0, freeW), arrivingW);
  const keptW = Math.min(freeW - forArrivalsW, KEPT_FREE_SHARE * toldW);
  add('forArrivals', forArrivalsW);
  add('keptFree', keptW);
  add('notGivenOut', freeW - forArrivalsW - keptW);
};
