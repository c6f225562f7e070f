import { rolledUpSeries } from '../../domain/windows/series/index.ts';
import { isSpanning, type RolledUp, type Series } from '../../domain/windows/series.ts';
import type { Family } from './roll-up.ts';

/** Series by the name of their marks, which is the name of their progress too. */
export const families: ReadonlyMap<string, Family> = Map.groupBy(rolledUpSeries, ({ source }) => source.late.mark);

/** The series that marks of a kind are about; none for a kind there is no more. */
export const familyOf = (kind: string): Family => families.get(kind) ?? [];

/** Whether some of its keys may have stations in several segments: such windows need the whole fleet. */
export const spans = (family: Family): boolean => family.some(isSpanning);

export const longest = (family: Family, of: (series: Series<RolledUp>) => number): number =>
  Math.max(...family.map(of));
