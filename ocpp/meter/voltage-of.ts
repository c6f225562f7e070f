import { mean } from '../../domain/kernel/mean.ts';
import { sum } from '../../domain/kernel/sum.ts';
import type { Warn } from '../warning.ts';
import type { ByPhase } from './by-phase.ts';

/** A conductor that carries no current and less than this share of the highest voltage is not connected: it only picks up a field. */
const PHANTOM_SHARE = 0.8;

/** Line-to-neutral voltages of the conductors that are connected. */
const connectedPhases = (voltage: ByPhase, current: ByPhase, warn: Warn): Readonly<Record<string, number>> => {
  const highest = Math.max(...Object.values(voltage.phases));
  return Object.fromEntries(
    Object.entries(voltage.phases).filter(([phase, volts]) => {
      const phantom = volts < PHANTOM_SHARE * highest && (current.phases[phase] ?? 0) === 0;
      if (phantom && volts > 0)
        warn('phantom-voltage', `${volts} V on ${phase}, which carries nothing: left out of the mean`);
      return !phantom;
    }),
  );
};

/**
 * The voltage of the reading: as reported for the whole, else the mean line-to-neutral voltage of the connected conductors,
 * else a single line-to-line voltage (split phase). Three line-to-line voltages stay apart: they are not this voltage.
 */
export const voltageOf = (voltage: ByPhase, current: ByPhase, warn: Warn): number | undefined => {
  if (voltage.total !== undefined) return voltage.total;
  if (Object.keys(voltage.phases).length > 0) return mean(Object.values(connectedPhases(voltage, current, warn)));
  const pairs = Object.values(voltage.pairs);
  return pairs.length === 1 ? pairs[0] : undefined;
};

/** Conductors a current without a phase flows in: as many as have a voltage. Vendors mean the current of each of them. */
const connected = (voltage: ByPhase): number => {
  const highest = Math.max(...Object.values(voltage.phases));
  const live = Object.values(voltage.phases).filter((volts) => volts >= PHANTOM_SHARE * highest).length;
  return Math.max(1, live, Object.keys(voltage.pairs).length);
};

/**
 * Power from V x A. Each conductor with its own voltage; a current without a phase in each of them;
 * line-to-line voltages as V / sqrt(3) per conductor, or, for a single pair, once for both of its conductors.
 */
export const powerFromCurrent = (
  voltage: ByPhase,
  voltageV: number | undefined,
  current: ByPhase,
  currentA: number | undefined,
): number | undefined => {
  if (currentA === undefined) return undefined;
  const pairs = Object.values(voltage.pairs);
  const currents = Object.entries(current.phases);
  const isSplitPhase = pairs.length === 1 && Object.keys(voltage.phases).length === 0 && voltage.total === undefined;
  const [pair] = pairs;
  if (isSplitPhase && pair !== undefined && current.total === undefined && currents.length > 0)
    return pair * Math.max(...currents.map(([, amps]) => amps));
  const pairV = mean(pairs);
  const perPhaseV = voltageV ?? (pairV === undefined ? undefined : pairV / Math.sqrt(3));
  if (perPhaseV === undefined) return undefined;
  if (currents.length === 0) return perPhaseV * currentA * (current.total === undefined ? 1 : connected(voltage));
  return sum(currents.map(([phase, amps]) => amps * (voltage.phases[phase] ?? perPhaseV)));
};
