import type { ChargePoint } from '../../simulator/charge-point/charge-point.ts';
import type { Clock } from '../../simulator/clock.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';
import type { Random } from '../../simulator/random.ts';
import type { SimulatedStack } from '../stack/simulated-stack.ts';
import type { Interference } from './interference.ts';

/**
 * What of a charger's word cannot be trusted any more: its clock; its clock by so much that what it says may be taken for history
 * (`date`); or the figures of its meter.
 */
export type Doubt = 'clock' | 'date' | 'meter';

/** What a fault may take hold of. */
export type Target = {
  readonly stack: SimulatedStack;
  readonly points: ReadonlyMap<string, ChargePoint>;
  readonly clock: Clock;
  /** A registered station that no charger stands for: for whoever means harm. */
  readonly stranger: DemoStation;
  /** From now on nobody expects the stack to know better than this charger tells. */
  readonly doubt: (stationId: string, what: Doubt) => void;
  /** How long it lasts, ms. */
  readonly forMs: number;
};

/** A way in which the world goes wrong. */
export type Fault = {
  readonly name: string;
  /** One sentence, for docs/simulation.md. */
  readonly about: string;
  /** How often it strikes in a quarter of a day, on average. */
  readonly often: { readonly rough: number; readonly storm: number };
  /** Only in worlds with stations on MQTT. */
  readonly isOfMqtt?: true;
  /** How long it lasts, ms: from, to. */
  readonly lastsMs: readonly [shortest: number, longest: number];
  /** Strikes: acts at once, and may interfere until its time is over. All chance comes from `chance`. */
  readonly strike: (target: Target, chance: Random) => Interference | undefined;
};

/** One of a non-empty list of stations. */
export const someStation = ({ points }: Target, chance: Random): string =>
  [...points.keys()][chance.integer(0, points.size - 1)] ?? '';

/** Some of the stations: each with this probability, and never none. */
export const someStations = (target: Target, chance: Random, share: number): ReadonlySet<string> =>
  new Set([someStation(target, chance), ...[...target.points.keys()].filter(() => chance.chance(share))]);
