import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { sum } from '../../domain/kernel/sum.ts';
import type { Warn } from '../warning.ts';
import type { Sample } from './sample.ts';

/** One measurand of one moment, taken apart by conductor. */
export type ByPhase = {
  /** Reported without a phase: the whole. */
  readonly total?: number;
  /** L1, L2, L3. */
  readonly phases: Readonly<Record<string, number>>;
  readonly neutral?: number;
  /** L1-L2, L2-L3, L3-L1. */
  readonly pairs: Readonly<Record<string, number>>;
};

/** Where a charger measures what it delivers. Vendors write Body for the outlet; Inlet and Cable serve when nothing else does. */
const nearest = ['outlet', 'body', 'cable', 'inlet', 'ev'];

/** The samples of one measurand at the best location that has any. */
export const atBestLocation = (samples: readonly Sample[], measurand: string): readonly Sample[] => {
  const all = samples.filter((sample) => sample.measurand === measurand);
  const best = nearest.find((location) => all.some((sample) => sample.location === location));
  return best === undefined ? all : all.filter((sample) => sample.location === best);
};

/** Sorts the samples of one measurand by conductor. Of two values for the same conductor the later one counts. */
export const byPhase = (samples: readonly Sample[], measurand: string, warn: Warn): ByPhase => {
  const values = new Map<string, number>();
  const chosen = atBestLocation(samples, measurand);
  for (const { phase, value, path } of chosen) {
    const before = values.get(phase);
    if (before !== undefined && before !== value)
      warn('two-values', `${measurand} ${phase}: ${before}, then ${value}: the later one counts`, path);
    values.set(phase, value);
  }
  const [first] = chosen;
  const isLoad = /^(energy|power\.active|current\.import)/.test(measurand);
  if (first && isLoad && first.location !== 'outlet')
    warn('location-not-outlet', `${measurand} measured at ${first.location}`, first.path);
  const pick = (pattern: RegExp) => Object.fromEntries([...values].filter(([phase]) => pattern.test(phase)));
  const total = values.get('');
  const neutral = values.get('N');
  return {
    phases: pick(/^L[123]$/),
    pairs: pick(/^L[123]-L[123]$/),
    ...omitUndefined({ total, neutral }),
  };
};

/** The sum of L1..L3, absent where none was reported. */
export const sumOfPhases = ({ phases }: ByPhase): number | undefined => {
  const values = Object.values(phases);
  return values.length === 0 ? undefined : sum(values);
};
