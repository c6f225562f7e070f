import { boundedCache } from '../async/bounded-cache.ts';
import type { SampledWarning } from '../use-cases/ports/sampled-warning.ts';

const KINDS = 500;

/** A fresh counter; one per Lambda environment. */
export const sampledWarning = (write: (line: string) => void = console.warn): SampledWarning => {
  const counts = boundedCache<string, number>(KINDS);
  return (kind, detail) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (!Number.isInteger(Math.log10(count))) return;
    const named = { level: 'warn', kind, count };
    write(JSON.stringify({ ...named, ...detail, ...named })); // no detail takes their place
  };
};
