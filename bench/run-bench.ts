import { LocalProblem } from '../local/local-problem.ts';

/** Runs a bench to its exit code and ends this process with it: 2 where the bench could not be run. */
export const runBench = async (run: () => Promise<number>): Promise<never> => {
  const code = await run().catch((error: unknown) => {
    console.error(error instanceof LocalProblem ? `${error.message}.\n${error.fix}` : error);
    return 2;
  });
  process.exit(code);
};
