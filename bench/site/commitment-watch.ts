import type { StationRecord } from '../../simulator/charge-point/station-record.ts';
import type { FaultKind } from './planned-faults.ts';

/** Power of a site at an instant, as its chargers and its building know it, W. */
export type Snapshot = {
  readonly at: number;
  /** What the building leaves of the grid limit. */
  readonly capacityW: number;
  readonly committedW: number;
  readonly drawnW: number;
};

/** By how much and how long committed power was above a bound. */
export type Excess = { seconds: number; kwh: number; mostW: number; longestSec: number };

const none = (): Excess => ({ seconds: 0, kwh: 0, mostW: 0, longestSec: 0 });

/** What chargers have accepted for the cars at them, and what flows, W: by their own profiles, not by what anybody believes. */
export const heldBy = (records: readonly StationRecord[]): Pick<Snapshot, 'committedW' | 'drawnW'> => {
  let [committedW, drawnW] = [0, 0];
  for (const { connectors } of records)
    for (const { transaction, car, acceptedW, powerW } of connectors) {
      if (transaction !== undefined) committedW += car?.acceptedW ?? acceptedW;
      drawnW += powerW;
    }
  return { committedW, drawnW };
};

const ROUNDING_W = 1;

/** Watches the power of one site from snapshot to snapshot. */
export const commitmentWatch = (windowMs: number) => {
  const overall = none();
  const drawn = none();
  /** Above the largest capacity of a control period and the time of its actuation: by what was wrong meanwhile. */
  const beyond = new Map<FaultKind | 'nothing', Excess>();
  const running = new Map<Excess, number>();
  let capacities: { readonly at: number; readonly capacityW: number }[] = [];
  let last: Snapshot | undefined;

  const note = (excess: Excess, aboveW: number, elapsedSec: number): void => {
    if (aboveW <= ROUNDING_W) return void running.delete(excess);
    const lasted = (running.get(excess) ?? 0) + elapsedSec;
    running.set(excess, lasted);
    excess.seconds += elapsedSec;
    excess.kwh += (aboveW * elapsedSec) / 3_600_000;
    excess.mostW = Math.max(excess.mostW, aboveW);
    excess.longestSec = Math.max(excess.longestSec, lasted);
  };

  return {
    overall,
    drawn,
    beyond,
    take: (snapshot: Snapshot, wrong: FaultKind | 'nothing'): void => {
      const { at, capacityW, committedW, drawnW } = snapshot;
      const elapsedSec = last === undefined ? 0 : (at - last.at) / 1_000;
      last = snapshot;
      capacities = [...capacities.filter((one) => one.at >= at - windowMs), { at, capacityW }];
      const recentW = Math.max(...capacities.map((one) => one.capacityW));
      note(overall, committedW - capacityW, elapsedSec);
      note(drawn, drawnW - capacityW, elapsedSec);
      const own = beyond.get(wrong) ?? none();
      beyond.set(wrong, own);
      for (const [kind, excess] of beyond) note(excess, kind === wrong ? committedW - recentW : 0, elapsedSec);
    },
  };
};
