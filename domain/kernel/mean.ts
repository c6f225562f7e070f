import { sum } from './sum.ts';

/** The mean of numbers; undefined of none. */
export const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length;
