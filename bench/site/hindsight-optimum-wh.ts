import { capacityW, type SimulatedSite } from './simulated-site.ts';

type Edge = { readonly to: number; room: number; readonly back: number };

/** Maximum flow by Dinic's algorithm: exact for whole numbers. */
const flowNetwork = (nodes: number) => {
  const edges: Edge[][] = Array.from({ length: nodes }, () => []);
  const edgesOf = (node: number): Edge[] => edges[node] ?? [];
  const levels = (source: number): Int32Array => {
    const level = new Int32Array(nodes).fill(-1);
    level[source] = 0;
    const queue = [source];
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head] ?? 0;
      for (const { to, room } of edgesOf(node))
        if (room > 0 && level[to] === -1) {
          level[to] = (level[node] ?? 0) + 1;
          queue.push(to);
        }
    }
    return level;
  };
  const push = (node: number, sink: number, most: number, level: Int32Array, next: Int32Array): number => {
    if (node === sink) return most;
    const own = edgesOf(node);
    for (; (next[node] ?? 0) < own.length; next[node] = (next[node] ?? 0) + 1) {
      const edge = own[next[node] ?? 0];
      if (edge === undefined || edge.room <= 0 || level[edge.to] !== (level[node] ?? 0) + 1) continue;
      const pushed = push(edge.to, sink, Math.min(most, edge.room), level, next);
      const back = edgesOf(edge.to)[edge.back];
      if (pushed === 0 || back === undefined) continue;
      edge.room -= pushed;
      back.room += pushed;
      return pushed;
    }
    return 0;
  };
  return {
    add: (from: number, to: number, room: number): void => {
      edgesOf(from).push({ to, room, back: edgesOf(to).length });
      edgesOf(to).push({ to: from, room: 0, back: edgesOf(from).length - 1 });
    },
    maximum: (source: number, sink: number): number => {
      let total = 0;
      for (let level = levels(source); level[sink] !== -1; level = levels(source)) {
        const next = new Int32Array(nodes);
        for (let pushed = 1; pushed > 0; total += pushed)
          pushed = push(source, sink, Number.MAX_SAFE_INTEGER, level, next);
      }
      return total;
    },
  };
};

const SLOT_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The most energy that could have reached the cars of a site, Wh, had everything been known: a linear program over minutes
 * in which a car takes at most its power while it is there and what it wants in all, and all together at most what the
 * building leaves. Without minimums and rounding, and with taper only in what a car can have in its stay: no controller can
 * do better. As its constraints are those of a transport, it is solved exactly as a maximum flow.
 */
export const hindsightOptimumWh = (site: SimulatedSite, startAt: number, durationMs: number): number => {
  const slots = Math.ceil(durationMs / SLOT_MS);
  const cars = [...site.visits.values()].flat();
  const [source, sink] = [0, 1];
  const network = flowNetwork(2 + cars.length + slots);
  const slotNode = (slot: number): number => 2 + cars.length + slot;
  for (let slot = 0; slot < slots; slot++) {
    const from = startAt + slot * SLOT_MS;
    // The building is noisy within a minute as well: its mean of six instants.
    const meanW = [0, 1, 2, 3, 4, 5].reduce((sum, part) => sum + capacityW(site, from + (part * SLOT_MS) / 6), 0) / 6;
    network.add(slotNode(slot), sink, Math.ceil((meanW * SLOT_MS) / HOUR_MS));
  }
  for (const [index, { at, presentsTagMs, stayMs, mostW, wantsWh }] of cars.entries()) {
    network.add(source, 2 + index, Math.ceil(wantsWh));
    const [from, to] = [at + presentsTagMs, at + stayMs];
    const [first, last] = [Math.floor((from - startAt) / SLOT_MS), Math.ceil((to - startAt) / SLOT_MS)];
    for (let slot = Math.max(0, first); slot < Math.min(slots, last); slot++) {
      const slotFrom = startAt + slot * SLOT_MS;
      const presentMs = Math.min(to, slotFrom + SLOT_MS) - Math.max(from, slotFrom);
      if (presentMs > 0) network.add(2 + index, slotNode(slot), Math.ceil((mostW * presentMs) / HOUR_MS));
    }
  }
  return network.maximum(source, sink);
};
