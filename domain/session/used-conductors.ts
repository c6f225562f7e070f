import type { PhaseCount } from '../kernel/charging-profile.ts';
import type { Reading } from '../kernel/fact.ts';
import { PHASE_VOLTAGE_V } from '../registry/nominal-voltage.ts';

/** Conductors of a connector, by their numbers: 1 is L1. */
export type Conductors = readonly PhaseCount[];

const conductors = [1, 2, 3] as const satisfies Conductors;

/** A car that takes less tells nothing: contactors close one after another, and meters show some current where none flows. */
const LEAST_W = 1_000;
const LEAST_A = 1;
/** So much of the power has to be explained by the currents: a meter that tells one of three conductors would hide two. */
const EXPLAINED_SHARE = 0.8;

/**
 * The conductors a car draws from, where fewer than three; undefined where it is all of them or nobody can tell. By a reading
 * that tells the current of each beside the power; any other one leaves what is known (`known`).
 */
export const usedConductors = (
  { powerW, powerSource, currentByPhaseA, voltageV = PHASE_VOLTAGE_V }: Reading,
  known?: Conductors,
): Conductors | undefined => {
  const isMeasured = powerSource === 'measured' || powerSource === 'phases';
  if (powerW === undefined || powerW < LEAST_W || currentByPhaseA === undefined || !isMeasured) return known;
  const currentA = (conductor: PhaseCount): number => currentByPhaseA[`L${conductor}`] ?? 0;
  const used = conductors.filter((conductor) => currentA(conductor) > LEAST_A);
  const explainedW = used.reduce((sum, conductor) => sum + currentA(conductor) * voltageV, 0);
  return used.length < conductors.length && explainedW >= EXPLAINED_SHARE * powerW ? used : undefined;
};
