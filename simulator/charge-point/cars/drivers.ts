import type { Random } from '../../random.ts';
import type { SimulatedConnector } from '../simulated-connector.ts';
import { arrivalRate } from './arrival-rate.ts';
import { arrivingVehicle, type Vehicle } from './vehicle.ts';

/** A car that comes to a connector. */
export type Visit = {
  readonly vehicle: Vehicle;
  /** How long it stays, ms, whether it is full by then or not. */
  readonly stayMs: number;
  /** From plugging in to the driver's tag; a few seconds if left out. */
  readonly presentsTagMs?: number;
  /** Whose it is; anybody's if left out. */
  readonly tag?: string;
};

/** Who comes when: the traffic of a network, or a plan that a test or a bench has made. */
export type Drivers = {
  /** Until the next car comes to a connector that is free, ms; Infinity when none comes any more. */
  readonly gapMs: (connector: SimulatedConnector, now: number) => number;
  readonly visit: (connector: SimulatedConnector, now: number) => Visit;
};

const second = 1000;
const minute = 60 * second;

/** Share of the connectors that get their first car within seconds: a network that starts is a network in use. */
const busyAtStart = 0.45;
/** Mean time between two cars at one connector, over the day, at rate 1. */
const meanGapMs = 45 * minute;

/** Drivers who come by the time of day, `rate` times as often as in life, and stay as much shorter. */
export const dailyDrivers = (chance: Random, rate: number, timeZone: string): Drivers => {
  const seen = new Set<SimulatedConnector>();
  return {
    gapMs: (connector, now) => {
      if (seen.has(connector)) return chance.wait(meanGapMs / rate / arrivalRate(now, timeZone));
      seen.add(connector);
      return chance.chance(busyAtStart) ? chance.between(1, 20) * second : chance.wait(meanGapMs / rate);
    },
    visit: ({ alternating }) => {
      const stayMs = alternating ? chance.between(40 * minute, 300 * minute) : chance.between(10 * minute, 50 * minute);
      return { vehicle: arrivingVehicle(chance), stayMs: Math.max(30 * second, stayMs / rate) };
    },
  };
};
