import { at } from './constraint-table.ts';

/** Sessions that claim one step more, as arrays by session index. */
export type Claiming = {
  readonly group: Int32Array;
  readonly weight: Float64Array;
  readonly stepW: Float64Array;
  /** Decides between equal claims: the lower id goes first. */
  readonly ids: readonly string[];
  /** What each session has, W. */
  readonly amountW: Float64Array;
};

/** Claims that differ by less are equal: noise of a quotient of two numbers that people wrote. */
const EQUAL_CLAIMS = 1e-12;

/** A heap of the sessions that are wanted, the lowest claim on top: (amount + step) / weight, then the id. */
export const claimsHeap = ({ group, amountW, stepW, weight, ids }: Claiming, isWanted: (i: number) => boolean) => {
  const heap = new Int32Array(group.length);
  const claim = new Float64Array(amountW.length);
  let length = 0;
  const goesFirst = (a: number, b: number): boolean => {
    const difference = at(claim, a) - at(claim, b);
    return Math.abs(difference) > EQUAL_CLAIMS * at(claim, a) ? difference < 0 : (ids[a] ?? '') < (ids[b] ?? '');
  };
  const sink = (from: number): void => {
    const moved = at(heap, from);
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      if (child + 1 < length && goesFirst(at(heap, child + 1), at(heap, child))) child += 1;
      if (!goesFirst(at(heap, child), moved)) break;
      heap[hole] = at(heap, child);
      hole = child;
    }
    heap[hole] = moved;
  };
  const setClaim = (i: number): void => {
    claim[i] = (at(amountW, i) + at(stepW, i)) / at(weight, i);
  };
  const arrange = (): void => {
    for (let index = (length >> 1) - 1; index >= 0; index -= 1) sink(index);
  };
  for (const i of group) {
    if (!isWanted(i)) continue;
    setClaim(i);
    heap[length] = i;
    length += 1;
  }
  arrange();
  return {
    isEmpty: (): boolean => length === 0,
    top: (): number => at(heap, 0),
    /** The top has another amount now. */
    changed: (): void => {
      setClaim(at(heap, 0));
      sink(0);
    },
    /** Leaves out who may take nothing more: many at once where a constraint is full. */
    tidy: (): void => {
      let kept = 0;
      for (let index = 0; index < length; index += 1) {
        const i = at(heap, index);
        if (!isWanted(i)) continue;
        heap[kept] = i;
        kept += 1;
      }
      length = kept;
      arrange();
    },
    removeTop: (): void => {
      length -= 1;
      heap[0] = at(heap, length);
      if (length > 0) sink(0);
    },
  };
};
