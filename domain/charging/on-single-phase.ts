import type { GridPhase } from '../registry/electrics.ts';
import { PHASE_VOLTAGE_V } from '../registry/nominal-voltage.ts';
import type { Setpoint } from './allocation.ts';
import type { PhaseCurrents } from './constraints-of.ts';
import type { ControlledSession, SinglePhaseOption } from './controlled-session.ts';

/** Contactors and cars are not to be switched more often than this. */
const MINIMUM_BETWEEN_SWITCHES_SEC = 900;

const onPhase = (session: ControlledSession, option: SinglePhaseOption, phase: GridPhase): ControlledSession => {
  const { stepW: _, ...rest } = session;
  const [first, ...others] = session.upperBounds.map(({ by, powerW }) => ({
    by,
    powerW: Math.min(powerW, option.maxW),
  }));
  return {
    ...rest,
    minW: option.minW,
    upperBounds: first === undefined ? session.upperBounds : [first, ...others],
    phases: [phase],
    ...(option.stepW === undefined ? {} : { stepW: option.stepW }),
  };
};

/** A session that is to have at least the power of a setpoint, on as many phases as that is for. */
export const needing = (session: ControlledSession, setpoint: Setpoint | undefined): ControlledSession => {
  const { singlePhase } = session;
  const { limitW = 0, phases } = setpoint ?? {};
  const lifted = { ...session, minW: Math.max(session.minW, limitW) };
  if (singlePhase === undefined || phases?.length !== 1) return lifted;
  return { ...lifted, singlePhase: { ...singlePhase, minW: Math.max(singlePhase.minW, limitW) } };
};

const isHeld = ({ now }: SinglePhaseOption): boolean => now !== undefined && now.forSec < MINIMUM_BETWEEN_SWITCHES_SEC;

/** A session that was switched to one phase a short while ago stays there; any other one is tried on all its phases. */
export const onSinglePhase = (session: ControlledSession): ControlledSession => {
  const { singlePhase } = session;
  const [phase, ...others] = singlePhase?.now?.phases ?? [];
  return singlePhase !== undefined && isHeld(singlePhase) && phase !== undefined && others.length === 0
    ? onPhase(session, singlePhase, phase)
    : session;
};

/**
 * Of the sessions that would be paused, those that can go on with less on a single phase, by id: each on the phase it may
 * choose that carries least.
 */
export const switchedDown = (
  paused: readonly ControlledSession[],
  voltageV = PHASE_VOLTAGE_V,
  currents: PhaseCurrents = { L1: 0, L2: 0, L3: 0 },
): ReadonlyMap<string, ControlledSession> => {
  const carried = { ...currents };
  const switched = new Map<string, ControlledSession>();
  for (const session of paused.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const { singlePhase, phases = [] } = session;
    if (singlePhase === undefined || phases.length < 2 || isHeld(singlePhase)) continue;
    const phase = singlePhase.choices.reduce((least, choice) => (carried[choice] < carried[least] ? choice : least));
    carried[phase] += singlePhase.minW / voltageV;
    switched.set(session.id, onPhase(session, singlePhase, phase));
  }
  return switched;
};
