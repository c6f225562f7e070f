import type { Measures } from '../kernel/measures.ts';

/**
 * One kind of window. Entries are listed in `index.ts`; contract tests run over the list.
 *
 * `measure` is pure: the same input gives the same measures, which is what lets windows be recomputed, never incremented.
 */
export type Series<Input> = {
  readonly name: string;
  readonly sizeMs: number;
  /** Distance between starts; smaller than `sizeMs` for hopping windows. */
  readonly hopMs: number;
  /** What a key of the series names. */
  readonly keyedBy: string;
  /** False: computed when it is read, from what is stored elsewhere. */
  readonly stored: boolean;
  /** Every measure it can carry and what it means. A trailing * stands for a status or an exclusion reason. */
  readonly measures: Readonly<Record<string, string>>;
  /** What there is when nothing happened. */
  readonly empty: Input;
  readonly measure: (input: Input) => Measures;
};

/** A registry entry whatever its input: what the list, the contract tests and the documentation need to know. */
export type AnySeries = Omit<Series<unknown>, 'empty' | 'measure'> & { readonly measureEmpty: () => Measures };

/** Hides the input type of a series so that entries of different kinds can stand in one list. */
export const entry = <Input>(series: Series<Input>): AnySeries => {
  const { empty, measure, ...rest } = series;
  return { ...rest, measureEmpty: () => measure(empty) };
};
