import type { GridPhase } from '../registry/electrics.ts';
import { hasTurn } from './admission.ts';
import type { Constraint } from './allocation.ts';
import type { AllocationProblem, Circuit, PhaseSupply } from './allocation-problem.ts';
import { type Budget, besideChargingW, reservedW } from './budget.ts';
import type { ControlledSession, ReservedLoad } from './controlled-session.ts';

export const gridPhases: readonly GridPhase[] = ['L1', 'L2', 'L3'];

type Drawing = { readonly id: string; readonly phases?: readonly GridPhase[] };

const siteConstraint = ({ capacityW, reason }: Budget, ids: readonly string[]): Constraint => ({
  reason,
  capacity: capacityW,
  members: ids,
});

const circuitConstraint = (
  circuit: Circuit,
  reserved: readonly ReservedLoad[],
  controlled: ReadonlySet<string>,
): Constraint => {
  const taken = reserved.filter(({ id }) => circuit.members.includes(id));
  return {
    reason: { kind: circuit.kind, id: circuit.id },
    capacity: Math.max(0, circuit.limitW - taken.reduce((sum, { reservedW }) => sum + reservedW, 0)),
    members: circuit.members.filter((id) => controlled.has(id)),
  };
};

/**
 * Amperes per watt are awkward fractions: a phase is counted in watts of one phase times six, so that every factor
 * (6 on one phase, 3 on each of two, 2 on each of three) is a whole number.
 */
const PHASE_UNIT = 6;

/** What a watt of what is drawn from `phases` weighs on one phase. */
export const phaseFactor = (phase: GridPhase, phases: readonly GridPhase[]): number =>
  phases.includes(phase) ? PHASE_UNIT / phases.length : 0;

const onPhase = (phase: GridPhase, drawing: readonly Drawing[]): Pick<Constraint, 'members' | 'factors'> => {
  const found = drawing.filter(({ phases = [] }) => phases.includes(phase));
  return {
    members: found.map(({ id }) => id),
    factors: found.map(({ phases = [] }) => phaseFactor(phase, phases)),
  };
};

const reservedOn = (phase: GridPhase, reserved: readonly ReservedLoad[]): number =>
  reserved.reduce(
    (sum, { phases = [], reservedW }) =>
      phases.includes(phase) ? sum + (reservedW * PHASE_UNIT) / phases.length : sum,
    0,
  );

const phaseConstraint = (
  phase: GridPhase,
  { voltageV, limitA, otherA }: PhaseSupply,
  sessions: readonly ControlledSession[],
  reserved: readonly ReservedLoad[],
): Constraint => {
  const freeA = limitA - (otherA?.[phase] ?? 0);
  return {
    reason: { kind: 'phase', phase },
    capacity: Math.max(0, freeA * voltageV * PHASE_UNIT - reservedOn(phase, reserved)),
    ...onPhase(phase, sessions),
  };
};

/** Currents per phase, A, of what does not use all three alike. Only these can make phases differ. */
const unevenA = (phase: GridPhase, { voltageV, otherA }: PhaseSupply, reserved: readonly ReservedLoad[]): number =>
  (otherA?.[phase] ?? 0) + reservedOn(phase, reserved.filter(isUneven)) / PHASE_UNIT / voltageV;

const isUneven = ({ phases = [] }: Drawing): boolean => phases.length > 0 && phases.length < gridPhases.length;

/**
 * No phase above another by more than allowed. A sum that must not exceed what another sum reaches is no limit of its own:
 * each phase may exceed what the lowest other one is sure to carry (`carriedA`: what is there without our sessions, or what
 * an allocation has already given, see `allocate`).
 */
const unbalanceConstraint = (
  phase: GridPhase,
  supply: PhaseSupply & { readonly unbalanceA: number },
  sessions: readonly ControlledSession[],
  reserved: readonly ReservedLoad[],
  carriedA: PhaseCurrents,
): Constraint => {
  const lowestA = Math.min(...gridPhases.filter((other) => other !== phase).map((other) => carriedA[other]));
  const freeA = lowestA + supply.unbalanceA - unevenA(phase, supply, reserved);
  return {
    reason: { kind: 'unbalance', phase },
    capacity: Math.max(0, freeA * supply.voltageV * PHASE_UNIT),
    ...onPhase(phase, sessions.filter(isUneven)),
  };
};

/** Currents of the phases beside what three-phase cars draw on all alike, A. */
export type PhaseCurrents = Readonly<Record<GridPhase, number>>;

/** Something of each phase. */
export const ofEachPhase = (of: (phase: GridPhase) => number): PhaseCurrents => ({
  L1: of('L1'),
  L2: of('L2'),
  L3: of('L3'),
});

/** What the phases carry unevenly: other loads, reserved ones, and sessions at the given powers. */
export const unevenCurrents = (
  supply: PhaseSupply,
  reserved: readonly ReservedLoad[],
  drawing: readonly (Drawing & { readonly limitW: number })[] = [],
): PhaseCurrents => {
  const loads = drawing.map(({ limitW, ...load }) => ({ ...load, reservedW: limitW }));
  return ofEachPhase((phase) => unevenA(phase, supply, [...reserved, ...loads]));
};

/**
 * Only-solar cars share what the site would feed into the grid without them, so less what reserved cars take, and keep their
 * minimum for a turn: clouds pass.
 */
const solarConstraint = (
  { site, reserved = [], turnSec }: AllocationProblem,
  sessions: readonly ControlledSession[],
): Constraint => {
  const takenW = reservedW(reserved.filter(({ isToCome = false }) => !isToCome));
  const surplusW = Math.max(0, -(besideChargingW(site.load) ?? 0) - takenW);
  const keptW = sessions.filter((session) => hasTurn(session, turnSec)).reduce((sum, { minW }) => sum + minW, 0);
  return {
    reason: { kind: 'solar' },
    capacity: Math.max(surplusW, keptW),
    members: sessions.map(({ id }) => id),
  };
};

/** Every limit that sums of setpoints must keep, the site's first, over `ids` of all sessions. `carriedA` serves the unbalance of phases. */
export const constraintsOf = (
  problem: AllocationProblem,
  sessions: readonly ControlledSession[],
  ids: readonly string[],
  budget: Budget,
  carriedA?: PhaseCurrents,
): readonly Constraint[] => {
  const { reserved = [], circuits = [], phases } = problem;
  const controlled = new Set(circuits.length === 0 ? [] : ids);
  const solar = sessions.filter(({ solarOnly = false }) => solarOnly);
  const { unbalanceA } = phases ?? {};
  return [
    siteConstraint(budget, ids),
    ...circuits.map((circuit) => circuitConstraint(circuit, reserved, controlled)),
    ...(phases === undefined ? [] : gridPhases.map((phase) => phaseConstraint(phase, phases, sessions, reserved))),
    ...(phases === undefined || unbalanceA === undefined
      ? []
      : gridPhases.map((phase) =>
          unbalanceConstraint(
            phase,
            { ...phases, unbalanceA },
            sessions,
            reserved,
            carriedA ?? unevenCurrents(phases, reserved),
          ),
        )),
    ...(solar.length === 0 ? [] : [solarConstraint(problem, solar)]),
  ];
};
