/**
 * Warnings by kind: the first of a kind is written, then the 10th, the 100th and so on, each with its count.
 * A fleet that sends the same oddity in every message must not cost more in logs than in everything else.
 */
export type SampledWarning = (kind: string, detail: Readonly<Record<string, unknown>>) => void;

const KINDS = 500;

/** A fresh counter; one per Lambda environment. */
export const sampledWarning = (write: (line: string) => void = console.warn): SampledWarning => {
  const counts = new Map<string, number>();
  return (kind, detail) => {
    if (counts.size >= KINDS && !counts.has(kind)) counts.clear();
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (Number.isInteger(Math.log10(count))) write(JSON.stringify({ level: 'warn', kind, count, ...detail }));
  };
};
