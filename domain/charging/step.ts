import type { PhaseCount } from '../kernel/charging-profile.ts';

/** The quantum of power, W: what a limit is a multiple of where the station does not take amperes. */
export const QUANTUM_W = 10;

/** Noise of binary fractions, as a share of a step; far below what any input can mean. */
const NOISE = 1e-7;

/** The largest multiple of the step that is not above the power. */
export const floorTo = (stepW: number, powerW: number): number => Math.floor(powerW / stepW + NOISE) * stepW;

/** The smallest multiple of the step that is not below the power. */
export const ceilTo = (stepW: number, powerW: number): number => Math.ceil(powerW / stepW - NOISE) * stepW;

/** What 0.1 A is on so many phases, W: the step of a station that takes amperes (OCPP knows one decimal). */
export const ampereStepW = (voltageV: number, phases: PhaseCount): number => (voltageV * phases) / 10;
