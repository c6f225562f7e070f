import type { Allocation } from '../../domain/charging/allocation.ts';
import { kilowatts } from './quantities.ts';

export type SetpointAnswer = {
  readonly budgetKw: number;
  readonly effectiveBudgetKw: number;
  readonly allocations: Readonly<Record<string, number>>;
  readonly paused: readonly string[];
};

export const setpointAnswer = ({ budgetW, effectiveBudgetW, setpoints, paused }: Allocation): SetpointAnswer => ({
  budgetKw: kilowatts(budgetW),
  effectiveBudgetKw: kilowatts(effectiveBudgetW),
  allocations: Object.fromEntries(setpoints.map(({ id, limitW }) => [id, kilowatts(limitW)])),
  paused,
});
