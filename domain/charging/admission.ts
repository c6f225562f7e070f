import type { Claimant } from './claimants-of.ts';
import type { ConstraintTable } from './constraint-table.ts';
import type { ControlledSession } from './controlled-session.ts';
import { give, TOLERANCE_W } from './progressive-filling.ts';
import { DEFAULT_PRIORITY } from './strategies/priority.ts';

/**
 * Who was admitted charges at least so long before its turn can end, where a problem does not say how long: relays and cars are not
 * to be switched every minute.
 */
const USUAL_TURN_SEC = 900;

/** Whether its turn is not over yet. */
export const hasTurn = ({ onForSec }: Pick<ControlledSession, 'onForSec'>, turnSec = USUAL_TURN_SEC): boolean =>
  onForSec !== undefined && onForSec < turnSec;

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Cars that take nothing come last; then priority, turns that are not over, longest waiting, first arrived, id. */
export const precedence = (a: Claimant, b: Claimant, turnSec: number | undefined): number => {
  const [one, other] = [a.session, b.session];
  return (
    Number(one.suspended ?? false) - Number(other.suspended ?? false) ||
    (one.priority ?? DEFAULT_PRIORITY) - (other.priority ?? DEFAULT_PRIORITY) ||
    Number(hasTurn(other, turnSec)) - Number(hasTurn(one, turnSec)) ||
    (other.waitingSec ?? 0) - (one.waitingSec ?? 0) ||
    (one.arrival ?? 0) - (other.arrival ?? 0) ||
    byId(one.id, other.id)
  );
};

const minimumsFit = (minW: Float64Array, { capacity, members, factors }: ConstraintTable): boolean =>
  members.every((list, k) => {
    const factor = factors[k];
    let sum = 0;
    for (let m = 0; m < list.length; m += 1) sum += (minW[list[m] ?? 0] ?? 0) * (factor?.[m] ?? 0);
    return sum <= (capacity[k] ?? 0) + TOLERANCE_W;
  });

/** The constraint in which the minimum of session i has no room any more, or -1. */
const lackingRoom = (i: number, minW: number, load: Float64Array, table: ConstraintTable): number => {
  const { capacity, start, constraintAt, factorAt } = table;
  for (let m = start[i] ?? 0; m < (start[i + 1] ?? 0); m += 1) {
    const k = constraintAt[m] ?? 0;
    if ((load[k] ?? 0) + (factorAt[m] ?? 0) * minW > (capacity[k] ?? 0) + TOLERANCE_W) return k;
  }
  return -1;
};

export type Admission = {
  /** What everybody has so far: the minimum or nothing, W. */
  readonly amountW: Float64Array;
  readonly load: Float64Array;
  /** The constraint that had no room for the minimum of each session, or -1 for the admitted. */
  readonly refusedBy: Int32Array;
};

/** Admits sessions at their minimum, first fit in the order of precedence; who does not fit is paused. */
export const admit = (
  claimants: readonly Claimant[],
  minW: Float64Array,
  table: ConstraintTable,
  turnSec?: number,
): Admission => {
  const amountW = new Float64Array(claimants.length);
  const load = new Float64Array(table.capacity.length);
  const refusedBy = new Int32Array(claimants.length).fill(-1);
  const order = claimants.map((_, index) => index);
  if (!minimumsFit(minW, table))
    order.sort((a, b) => {
      const [one, other] = [claimants[a], claimants[b]];
      return one === undefined || other === undefined ? 0 : precedence(one, other, turnSec);
    });
  for (const i of order) {
    const powerW = minW[i] ?? 0;
    const refusing = lackingRoom(i, powerW, load, table);
    if (refusing < 0) give({ amountW, load }, table, i, powerW);
    refusedBy[i] = refusing;
  }
  return { amountW, load, refusedBy };
};
