import type { GridPhase } from '../registry/electrics.ts';
import type { Constraint } from './allocation.ts';
import { phaseFactor } from './constraints-of.ts';

/** Noise of sums of powers, W. */
const NOISE_W = 1e-3;

/** What a session counts with, W; on the phases it draws on, where these are known, otherwise on those it is to draw on. */
export type CountedLoad = { readonly id: string; readonly powerW: number; readonly phases?: readonly GridPhase[] };

type Place = { readonly k: number; readonly factor: number };

/** The room of every constraint, while commands are added one by one. */
export const roomKeeper = (constraints: readonly Constraint[], loads: readonly CountedLoad[]) => {
  const of = new Map<string, Place[]>();
  for (const [k, { members, factors }] of constraints.entries())
    for (const [m, id] of members.entries()) {
      const place = { k, factor: factors?.[m] ?? 1 };
      const places = of.get(id);
      if (places === undefined) of.set(id, [place]);
      else places.push(place);
    }
  const phased = constraints.flatMap(({ reason }, k) => (reason.kind === 'phase' ? [{ k, phase: reason.phase }] : []));
  const isPhased = new Set(phased.map(({ k }) => k));
  /** Where a load counts. Who has no place in any limit is no member of the problem: its power is reserved there. */
  const countedAt = ({ id, phases }: CountedLoad): readonly Place[] => {
    const places = of.get(id) ?? [];
    if (phases === undefined || phased.length === 0 || places.length === 0) return places;
    return [
      ...places.filter(({ k }) => !isPhased.has(k)),
      ...phased.map(({ k, phase }) => ({ k, factor: phaseFactor(phase, phases) })),
    ];
  };
  const freeOf = constraints.map(({ capacity }) => capacity);
  const free = (k: number): number => freeOf[k] ?? 0;
  const counted = new Map<string, ReadonlyMap<number, number>>();
  for (const load of loads) {
    const places = countedAt(load);
    for (const { k, factor } of places) freeOf[k] = free(k) - factor * load.powerW;
    if (load.phases !== undefined && phased.length > 0)
      counted.set(load.id, new Map(places.map(({ k, factor }) => [k, factor])));
  }
  /** How much more each limit of a session carries when it goes to its setpoint's phases with `toW`. */
  const more = (id: string, fromW: number, toW: number): readonly { readonly k: number; readonly more: number }[] => {
    const held = counted.get(id);
    return (of.get(id) ?? []).map(({ k, factor }) => ({
      k,
      more: factor * toW - (held === undefined ? factor : (held.get(k) ?? 0)) * fromW,
    }));
  };
  /** The least of something over all limits of a session. */
  const least = (id: string, of_: (place: Place) => number): number =>
    (of.get(id) ?? []).reduce((lowest, place) => Math.min(lowest, of_(place)), Number.POSITIVE_INFINITY);
  return {
    /** How much more a session may have with a part of each limit kept free, W; negative where one is exceeded. */
    leftW: (id: string, spareShare = 0): number =>
      least(id, ({ k, factor }) => (free(k) - spareShare * (constraints[k]?.capacity ?? 0)) / factor),
    /** Whether each limit that comes to carry more has room for it. */
    hasRoom: (id: string, fromW: number, toW: number): boolean =>
      more(id, fromW, toW).every((rise) => rise.more <= 0 || free(rise.k) - rise.more >= -NOISE_W),
    /** Counts a session at another power. */
    take: (id: string, fromW: number, toW: number): void => {
      for (const change of more(id, fromW, toW)) freeOf[change.k] = free(change.k) - change.more;
    },
    /** Counts what a session may come to draw beside what it draws: that goes once its station has accepted. */
    reserve: (id: string, fromW: number, toW: number): void => {
      for (const rise of more(id, fromW, toW)) freeOf[rise.k] = free(rise.k) - Math.max(0, rise.more);
    },
    isExceeded: (id: string): boolean => least(id, ({ k }) => free(k)) < -NOISE_W,
  };
};
