import { QUARTER_HOUR_MS } from '../kernel/durations.ts';
import type { SessionMeasured } from '../kernel/state-change.ts';

const STEP_MS = QUARTER_HOUR_MS;
const STEP_WH = 5_000;

/** Where the last measurement of a session stood. */
export type Measured = { readonly at: number; readonly energyWh: number };

/**
 * Whether a measurement is told on the bus: the first one past a quarter-hour of the clock or past a multiple of 5 kWh.
 * A function of two successive measurements alone: a redelivered record comes to the same answer. Late ones tell nothing new.
 */
export const isWorthTelling = (last: Measured, { at, energyWh }: Pick<SessionMeasured, 'at' | 'energyWh'>): boolean =>
  at > last.at &&
  (Math.floor(at / STEP_MS) > Math.floor(last.at / STEP_MS) ||
    Math.floor(energyWh / STEP_WH) > Math.floor(last.energyWh / STEP_WH));
