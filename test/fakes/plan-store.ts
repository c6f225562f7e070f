import { emptyPlan, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { type PlanStore, STATIONS_PER_CHUNK } from '../../use-cases/ports/demand-response/plan-store.ts';

/** Plans in memory. */
export const fakePlanStore = (): PlanStore => {
  const plans = new Map<string, ZonePlan>();
  const load = (zoneId: string): ZonePlan => structuredClone(plans.get(zoneId) ?? emptyPlan(zoneId));
  return {
    load: async (zoneId) => load(zoneId),
    loadChunk: async ({ zoneId, rev, index }) => {
      const plan = load(zoneId);
      const stations = plan.stations.slice(index * STATIONS_PER_CHUNK, (index + 1) * STATIONS_PER_CHUNK);
      return plan.rev === rev && stations.length > 0 ? { plan: { ...plan, stations: [] }, stations } : undefined;
    },
    commit: async (plan, readRev) => {
      if (load(plan.zoneId).rev !== readRev) return 'conflict';
      plans.set(plan.zoneId, structuredClone(plan));
      return 'committed';
    },
    saveChunk: async ({ zoneId, rev, index }, stations) => {
      const plan = load(zoneId);
      if (plan.rev !== rev) return;
      const kept = plan.stations.toSpliced(index * STATIONS_PER_CHUNK, stations.length, ...stations);
      plans.set(zoneId, { ...plan, stations: structuredClone(kept) });
    },
  };
};
