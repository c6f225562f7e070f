import type { Drivers } from '../../simulator/charge-point/cars/drivers.ts';
import { type ChargePoint, chargePoint } from '../../simulator/charge-point/charge-point.ts';
import { behaviourWith, wellBehaved } from '../../simulator/charge-point/commands/behaviour.ts';
import type { Transport } from '../../simulator/charge-point/connection/transport.ts';
import { webSocket } from '../../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../../simulator/clock.ts';
import { newId, random } from '../../simulator/random.ts';
import { tagPool } from '../../simulator/tag-pool.ts';
import { traffic } from '../../simulator/traffic.ts';
import { type BenchStation, benchStations, wordsOf } from './bench-zone.ts';

/** What the process tells its parent. Instants are ms since the epoch. */
export type FleetMessage =
  /** What flows into the car of each station, W, in their order. */
  | { readonly kind: 'power'; readonly at: number; readonly powersW: readonly number[] }
  /** A profile on the wire of a station, and later what it answered: a status, or nothing. */
  | { readonly kind: 'profile'; readonly at: number; readonly index: number }
  | { readonly kind: 'answer'; readonly at: number; readonly index: number; readonly status: string | undefined };

/** Slowly: connecting is not what is measured, and a busy machine refuses drivers it cannot look up in time. */
const STAGGER_MS = 150;
const SAMPLE_MS = 10_000;
const POWER_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;

const tell = (message: FleetMessage): void => {
  process.send?.(message);
};

/** A WebSocket that tells when a profile arrives, and how it is answered. */
const watched =
  (index: number): Transport =>
  (options) =>
    webSocket({
      ...options,
      commanded: async (action, payload) => {
        const isProfile = action === 'SetChargingProfile';
        if (isProfile) tell({ kind: 'profile', at: Date.now(), index });
        const reply = await options.commanded(action, payload);
        const status = reply.kind === 'result' ? String(reply.payload.status) : undefined;
        if (isProfile) tell({ kind: 'answer', at: Date.now(), index, status });
        return reply;
      },
    });

/** One car that comes at once and stays. */
const oneCar = ({ vehicle, tag }: BenchStation): Drivers => ({
  gapMs: () => 1_000,
  visit: () => ({ vehicle, tag, stayMs: 4 * HOUR_MS }),
});

const run = (url: string, count: number): void => {
  const counted = traffic();
  const stations = benchStations(count);
  const points = stations.map((one, index): ChargePoint => {
    const words = wordsOf(one.habit);
    return chargePoint({
      station: one.station,
      url,
      transport: watched(index),
      tags: tagPool([one.tag]),
      chance: random(`bench ${one.station.stationId}`),
      traffic: counted,
      rate: 1,
      sampleMs: SAMPLE_MS,
      // A session that a busy machine did not take in time would draw power nobody knows of.
      messageAttempts: Number.POSITIVE_INFINITY,
      strict: false,
      drops: false,
      faults: false,
      log: (line) => console.error(line),
      clock: systemClock,
      newTransactionId: newId,
      drivers: oneCar(one),
      behaviour: words === undefined ? wellBehaved : behaviourWith(wellBehaved, words),
    });
  });
  points.forEach((point, index) => void systemClock.after(index * STAGGER_MS, point.start));
  setInterval(() => {
    tell({ kind: 'power', at: Date.now(), powersW: points.map((point) => point.load().powerW) });
  }, POWER_EVERY_MS);
  process.on('disconnect', () => process.exit());
};

const [url = '', count = ''] = process.argv.slice(2);
run(url, Number(count));
