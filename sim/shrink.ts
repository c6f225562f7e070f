import type { PlannedFault } from './faults/plan-faults.ts';
import type { SimOptions } from './sim-options.ts';

/** All that a run depends on. */
export type SimCase = { readonly options: SimOptions; readonly plan: readonly PlannedFault[] };

/** Says whether a case still fails in the way that is looked for. */
export type Fails = (one: SimCase) => Promise<boolean>;

const within = ({ options, plan }: SimCase): SimCase => {
  const endMs = options.days * 86_400_000;
  return { options, plan: plan.filter(({ atMs }) => atMs < endMs) };
};

/** The shortest history that still fails: as few faults as can be, then less time, then fewer stations. */
export const shrink = async (failing: SimCase, fails: Fails): Promise<SimCase> => {
  let best = failing;
  const keepIf = async (candidate: SimCase): Promise<boolean> => {
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };

  const fewerFaults = async (): Promise<void> => {
    for (let size = Math.ceil(best.plan.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = 0; from < best.plan.length; ) {
        const plan = best.plan.toSpliced(from, size);
        if (!(await keepIf({ ...best, plan }))) from += size;
      }
  };
  const lessTime = async (): Promise<void> => {
    for (const share of [0.25, 0.5, 0.75, 0.9])
      while (best.options.days * share >= 0.01) {
        const days = Math.round(best.options.days * share * 1_000) / 1_000;
        if (days >= best.options.days || !(await keepIf(within({ ...best, options: { ...best.options, days } }))))
          break;
      }
  };
  const fewerStations = async (): Promise<void> => {
    for (const stations of [1, 2, 3, 5])
      if (stations < best.options.stations && (await keepIf({ ...best, options: { ...best.options, stations } })))
        return;
  };

  await fewerFaults();
  await lessTime();
  await fewerStations();
  await fewerFaults();
  return best;
};
