import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AllocationProblem } from '../../domain/charging/allocation-problem.ts';
import { lowestBound } from '../../domain/charging/bounded.ts';

/** First come first served fills one car after another; round robin gives everybody a tenth of an ampere in turn, which is equal sharing. */
export type AcnAlgorithm = 'first-come-first-served' | 'round-robin';

const Answer = z.object({ ms: z.number(), givenW: z.array(z.number()) });
const script = fileURLToPath(new URL('./acnportal_times.py', import.meta.url));
const MOST_BYTES = 64 * 2 ** 20;

/** A site and its feeders as acnportal knows limits: the same cars, bounds and limits; bids it does not know. */
const asAsked = ({ site: { limitW, load }, sessions, circuits = [] }: AllocationProblem) => ({
  cars: sessions.map(({ id, minW, upperBounds }) => ({ id, minW, maxW: lowestBound(upperBounds).powerW })),
  limits: [
    {
      limitW: limitW - (load.kind === 'measured' ? load.siteW - load.chargingW : 0),
      members: sessions.map(({ id }) => id),
    },
    ...circuits.map((circuit) => ({ limitW: circuit.limitW, members: circuit.members })),
  ],
});

/**
 * How long acnportal's algorithm takes for the same problems, ms, and what it gives out in all, W: in one pass of a process of
 * its own, without the time it needs to start. `python` has it installed.
 */
export const acnportalTime = (
  python: string,
  algorithm: AcnAlgorithm,
  problems: readonly AllocationProblem[],
): { readonly ms: number; readonly givenW: number } => {
  const input = JSON.stringify({ algorithm, problems: problems.map(asAsked) });
  const { ms, givenW } = Answer.parse(
    JSON.parse(execFileSync(python, [script], { input, maxBuffer: MOST_BYTES, encoding: 'utf8' })),
  );
  return { ms, givenW: givenW.reduce((sum, powerW) => sum + powerW, 0) };
};
