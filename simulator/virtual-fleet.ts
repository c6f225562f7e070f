import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { Drivers } from './charge-point/cars/drivers.ts';
import { type ChargePoint, type ChargePointOptions, chargePoint } from './charge-point/charge-point.ts';
import type { Behaviour } from './charge-point/commands/behaviour.ts';
import { type InMemoryCsms, inMemory } from './charge-point/connection/in-memory.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import type { DemoStation } from './demo-network.ts';
import { type Random, random } from './random.ts';
import { tagPool } from './tag-pool.ts';
import { type Traffic, traffic } from './traffic.ts';

export type VirtualFleetOptions = {
  readonly stations: readonly DemoStation[];
  readonly tags: readonly [string, ...string[]];
  /** Of everything that happens by chance. */
  readonly seed: number | string;
  /** ms since the epoch. */
  readonly startAt: number;
  /** The CSMS, given the clock that it must use as well. */
  readonly csms: (clock: VirtualClock) => InMemoryCsms;
  readonly sampleMs: number;
  /** How much faster than life cars come and go. Default 1. */
  readonly rate?: number;
  /** Whether the network drops stations, and connectors break, now and then. Default false. */
  readonly drops?: boolean;
  readonly faults?: boolean;
  readonly driversOf?: (station: DemoStation, chance: Random) => Drivers;
  readonly behaviourOf?: (stationId: string) => Behaviour;
  /** Resolves when what the last timer set going has come to rest, for a CSMS that does real input and output. */
  readonly settled?: () => Promise<void>;
};

/** Simulated chargers and their CSMS in one process, in virtual time: the same seed gives the same day. */
export type VirtualFleet = {
  readonly clock: VirtualClock;
  readonly points: ReadonlyMap<string, ChargePoint>;
  readonly traffic: Traffic;
  /** Lets so much time pass. */
  readonly pass: (ms: number) => Promise<void>;
  /** What flows into all cars now, W. */
  readonly powerW: () => number;
};

/** Stations come one after the other, as after a power cut. */
const STAGGER_MS = 100;

/** Starts these stations. Nothing happens until time passes. */
export const virtualFleet = (options: VirtualFleetOptions): VirtualFleet => {
  const { stations, tags, seed, startAt, sampleMs, rate = 1, drops = false, faults = false } = options;
  const clock = virtualClock(startAt, ...(options.settled ? [options.settled] : []));
  const chance = random(`virtual fleet ${seed}`);
  const counted = traffic();
  const pool = tagPool(tags);
  const transport = inMemory(options.csms(clock), () => 20);
  let transactions = 0;
  const pointOf = (station: DemoStation): ChargePoint => {
    const own = chance.fork(station.stationId);
    const more: Partial<ChargePointOptions> = omitUndefined({
      drivers: options.driversOf?.(station, own),
      behaviour: options.behaviourOf?.(station.stationId),
    });
    return chargePoint({
      station,
      url: 'in-memory',
      tags: pool,
      chance: own,
      traffic: counted,
      rate,
      sampleMs,
      strict: false,
      drops,
      faults,
      log: () => {},
      clock,
      newTransactionId: () => `${seed}-${++transactions}`,
      transport,
      ...more,
    });
  };
  const points = new Map(stations.map((station) => [station.stationId, pointOf(station)]));
  for (const [index, point] of [...points.values()].entries()) clock.after(index * STAGGER_MS, point.start);
  return {
    clock,
    points,
    traffic: counted,
    pass: (ms) => clock.runUntil(clock.now() + ms),
    powerW: () => [...points.values()].reduce((sum, point) => sum + point.load().powerW, 0),
  };
};
