import { shareOut } from './share-out.ts';

/** A station that could draw more. */
export type RisingStation = {
  readonly id: string;
  /** What it drew when the event was dispatched, W. */
  readonly baselineW: number;
  /** What the cars and circuits behind it could draw, W. */
  readonly mostW: number;
};

export type Increase = { readonly id: string; readonly targetW: number };

export type RaisePlan = {
  /** By station, W: multiples of 10. */
  readonly raiseW: ReadonlyMap<string, number>;
  readonly totalW: number;
  readonly shortfallW: ReadonlyMap<string, number>;
};

const QUANTUM_W = 10;

/**
 * Load-up, the mirror of shedding: stations draw more, in proportion to the room they have, none more than it. Signals nest
 * as those that shed do: the largest counts, they do not add up. Nobody can be made to charge: the plan is a permission.
 */
export const raisePlan = (stations: readonly RisingStation[], signals: readonly Increase[]): RaisePlan => {
  const parts = stations.map(({ id, baselineW, mostW }) => {
    const roomW = Math.max(0, mostW - baselineW);
    return { id, weightW: roomW, leastW: 0, mostW: Math.floor(roomW / QUANTUM_W) * QUANTUM_W };
  });
  const raiseW = shareOut(
    parts,
    signals.reduce((most, { targetW }) => Math.max(most, targetW), 0),
  );
  const totalW = [...raiseW.values()].reduce((sum, powerW) => sum + powerW, 0);
  return {
    raiseW,
    totalW,
    shortfallW: new Map(signals.map(({ id, targetW }) => [id, Math.max(0, targetW - totalW)])),
  };
};
