import { DAY_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type Random, random } from '../../simulator/random.ts';
import type { SimOptions } from '../sim-options.ts';
import { hasMqtt } from '../world/over-mqtt.ts';
import { faults } from './index.ts';

/** A fault at its time. Its chance depends on nothing but its id, so that a run without another one has it as it was. */
export type PlannedFault = {
  readonly id: string;
  readonly fault: string;
  /** ms after the chargers began. */
  readonly atMs: number;
  readonly forMs: number;
};

/** Nothing goes wrong before the stations have come. */
const QUIET_MS = 2 * MINUTE_MS;
/** A short run has at least some of everything. */
const LEAST_DAYS = 0.1;

const countOf = (mean: number, chance: Random): number => {
  let count = 0;
  for (let reached = chance.wait(1); reached < mean; reached += chance.wait(1)) count += 1;
  return count;
};

/** What goes wrong in a run, in the order of time; nothing in a calm one. */
export const planFaults = ({ seed, days, profile }: SimOptions): readonly PlannedFault[] => {
  if (profile === 'calm') return [];
  const endMs = days * DAY_MS;
  return faults
    .filter(({ isOfMqtt }) => isOfMqtt === undefined || hasMqtt({ seed }))
    .flatMap(({ name, often, lastsMs: [shortest, longest] }) => {
      const chance = random(`faults ${seed} ${name}`);
      const count = countOf((often[profile] * Math.max(LEAST_DAYS, days)) / 0.25, chance);
      return Array.from({ length: count }, (_, index): PlannedFault => {
        const atMs = Math.round(chance.between(QUIET_MS, endMs * 0.95));
        const forMs = Math.round(shortest * (longest / shortest) ** chance.next());
        return { id: `${seed} ${name} ${index}`, fault: name, atMs, forMs: Math.min(forMs, endMs - atMs) };
      });
    })
    .toSorted((one, other) => one.atMs - other.atMs);
};
