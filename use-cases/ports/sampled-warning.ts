/**
 * Warnings by kind: the first of a kind is written, then the 10th, the 100th and so on, each with its count.
 * A fleet that sends the same oddity in every message must not cost more in logs than in everything else.
 */
export type SampledWarning = (kind: string, detail: Readonly<Record<string, unknown>>) => void;
