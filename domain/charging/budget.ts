import { unreachable } from '../kernel/unreachable.ts';
import type { BudgetReason } from './allocation.ts';
import type { AllocationProblem, Curtailment, SiteLoad, SiteSupply } from './allocation-problem.ts';
import type { ReservedLoad } from './controlled-session.ts';
import { floorTo, QUANTUM_W } from './step.ts';

/** What the cars of a site may use together. */
export type Budget = {
  /** At this connection, W. */
  readonly budgetW: number;
  /** After curtailments and price tier, W: no more than all cars can take together. */
  readonly effectiveBudgetW: number;
  /** What limits may sum up to, W: the effective budget, but for what no car can take. */
  readonly capacityW: number;
  readonly reason: BudgetReason;
};

/** Sums over the sessions that are controlled, W. */
export type DemandSums = { readonly minW: number; readonly maxW: number };

export const reservedW = (reserved: readonly ReservedLoad[] = []): number =>
  reserved.reduce((sum, load) => sum + load.reservedW, 0);

/** What the site uses beside charging, W; negative while its own sources give more than that. Undefined while unknown. */
export const besideChargingW = (load: SiteLoad): number | undefined => {
  switch (load.kind) {
    case 'measured':
      return load.siteW - load.chargingW;
    case 'unknown':
      return undefined;
    default:
      return unreachable(load);
  }
};

const connectionBudgetW = ({ limitW, marginShare = 0, load }: SiteSupply): number => {
  const connectionW = limitW * (1 - marginShare);
  switch (load.kind) {
    case 'measured':
      return connectionW - (load.siteW - load.chargingW);
    case 'unknown':
      return Math.min(connectionW, load.safeBudgetW);
    default:
      return unreachable(load);
  }
};

/**
 * What a curtailment leaves to cars, W. While the load of the building is unknown, the safe budget stands for what the
 * connection would leave: a curtailment takes off it what it takes off the connection.
 */
const curtailedW = (curtailment: Curtailment, { site, reserved }: AllocationProblem): number => {
  const { load, limitW } = site;
  const otherW = besideChargingW(load) ?? Math.max(0, limitW - (load.kind === 'unknown' ? load.safeBudgetW : 0));
  switch (curtailment.kind) {
    case 'share':
      return curtailment.baselineW * (1 - curtailment.percent / 100) - otherW - reservedW(reserved);
    case 'import-limit':
      return curtailment.limitW - otherW - reservedW(reserved);
    default:
      return unreachable(curtailment);
  }
};

/**
 * Budget B of the connection, hard cap H of the curtailments (the most restrictive), and effective budget E with the price
 * tier: E = min(H, max(tier x min(B, sum of maximums), sum of minimums)). A curtailment may pause; a tier never does. All are
 * rounded down but for the sum of minimums: where stations take amperes it need not be a multiple of 10 W, and has to fit.
 */
export const budgetOf = (problem: AllocationProblem, { minW, maxW }: DemandSums): Budget => {
  const { site, reserved, tier, curtailments = [] } = problem;
  const connectionW = Math.max(0, connectionBudgetW(site) - reservedW(reserved));
  const budgetW = floorTo(QUANTUM_W, connectionW);
  let [hardW, reason]: [number, BudgetReason] = [
    budgetW,
    { kind: site.load.kind === 'unknown' ? 'fallback' : 'budget' },
  ];
  for (const curtailment of curtailments) {
    const cappedW = floorTo(QUANTUM_W, Math.max(0, Math.min(connectionW, curtailedW(curtailment, problem))));
    const keeps = curtailment.kind === 'share' && curtailment.keepsMinimums;
    const capW = keeps ? Math.max(cappedW, Math.min(budgetW, minW)) : cappedW;
    if (capW < hardW) [hardW, reason] = [capW, { kind: 'dr-event', signalId: curtailment.signalId }];
  }
  const factor = tier?.factor ?? 1;
  const softW = Math.max(floorTo(QUANTUM_W, factor * Math.min(connectionW, maxW)), minW);
  if (softW < hardW && tier !== undefined && factor < 1) reason = { kind: 'tier', tier: tier.name };
  const effectiveBudgetW = Math.min(hardW, softW);
  return { capacityW: factor < 1 ? effectiveBudgetW : hardW, budgetW, effectiveBudgetW, reason };
};
