import type { Allocation, BudgetReason, Reason, Setpoint } from '../../domain/charging/allocation.ts';
import type { AllocationProblem } from '../../domain/charging/allocation-problem.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';

const kilowattText = (powerW: number): string => `${(powerW / 1000).toFixed(2)} kW`;

/** A reason in a few words. */
const reasonText = (reason: Reason): string => {
  switch (reason.kind) {
    case 'budget':
      return 'the site has no more';
    case 'fallback':
      return 'the site meter is silent: safe budget';
    case 'tier':
      return `price tier ${reason.tier}`;
    case 'dr-event':
      return `demand response ${reason.signalId}`;
    case 'rating':
      return 'takes no more';
    case 'taper':
      return 'battery nearly full';
    case 'unused':
      return 'left unused what it was given';
    case 'minimum':
      return 'held at its minimum';
    case 'pause':
      return 'paused: its minimum does not fit';
    case 'rotation':
      return 'another has its turn';
    case 'bid':
      return `weight ${reason.bid}`;
    case 'priority':
      return `priority ${reason.priority}`;
    case 'departure':
      return 'departure';
    case 'solar':
      return 'solar surplus';
    case 'single-phase':
      return `on ${reason.phase} alone`;
    case 'feeder':
    case 'cabinet':
    case 'contract':
    case 'dr-cap':
      return `${reason.kind} ${reason.id}`;
    case 'phase':
      return `phase ${reason.phase}`;
    case 'unbalance':
      return `unbalance of phase ${reason.phase}`;
    default:
      return unreachable(reason);
  }
};

const budgetText = (reason: BudgetReason): string => (reason.kind === 'budget' ? '' : ` (${reasonText(reason)})`);

const setpointText = ({ id, limitW, reasons }: Setpoint): string =>
  `  ${id}: ${kilowattText(limitW)} - ${reasons.map(reasonText).join(', ')}`;

/** An allocation for people: who got how much, and which limit stopped them. One line each. */
export const explainAllocation = (problem: AllocationProblem, allocation: Allocation): readonly string[] => {
  const { budgetW, effectiveBudgetW, budgetReason, setpoints } = allocation;
  const usedW = setpoints.reduce((sum, { limitW }) => sum + limitW, 0);
  return [
    `  budget ${kilowattText(budgetW)}, usable ${kilowattText(effectiveBudgetW)}${budgetText(budgetReason)}, given ${kilowattText(usedW)}, strategy ${problem.strategy}`,
    ...setpoints.map(setpointText),
    ...(problem.reserved ?? []).map(
      ({ id, reservedW }) => `  ${id}: ${kilowattText(reservedW)} reserved, not controlled`,
    ),
  ];
};
