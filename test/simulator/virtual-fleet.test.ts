import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { demoNetwork } from '../../simulator/demo-network.ts';
import { virtualFleet } from '../../simulator/virtual-fleet.ts';
import { type FoldingCsms, foldingCsms } from './folding-csms.ts';

const hour = 3_600_000;
const minute = 60_000;
const startAt = Date.parse('2026-06-03T00:00:00Z');

/** A fleet over our own fold, for so long, with drops and faults; then a quiet end. */
const lived = async (stations: number, ms: number, seed: string) => {
  const network = demoNetwork({ stations, seed: 'demo' });
  const [first = 'T', ...rest] = network.tags.map(({ tag }) => tag);
  const digest = createHash('sha256');
  let csms: FoldingCsms | undefined;
  const fleet = virtualFleet({
    stations: network.stations,
    tags: [first, ...rest],
    seed,
    startAt,
    csms: (clock) => {
      const own = foldingCsms(clock, network.stations);
      csms = own;
      return {
        connect: async (station) => {
          const line = await own.connect(station);
          return {
            ...line,
            received: (text) => {
              digest.update(`${clock.now()} ${station.stationId} ${text}\n`);
              line.received(text);
            },
          };
        },
      };
    },
    sampleMs: 5 * minute,
    drops: true,
    faults: true,
  });
  await fleet.pass(ms);
  const points = [...fleet.points.values()];
  const quiet = Promise.all(points.map((point) => point.quiesce()));
  await fleet.pass(10 * minute);
  await quiet;
  if (csms === undefined) throw new Error('The CSMS was not asked for');
  return { fleet, csms, points, digest: digest.digest('hex') };
};

describe('a fleet in virtual time', () => {
  it('is the same twice for one seed, message by message, and another for another', async () => {
    const [once, again, other] = [
      await lived(8, 6 * hour, 'a'),
      await lived(8, 6 * hour, 'a'),
      await lived(8, 6 * hour, 'b'),
    ];
    expect([again.digest === once.digest, other.digest === once.digest]).toEqual([true, false]);
  });

  it('lives through a day, after which our state is what every charger knows', async () => {
    const { csms, points, fleet } = await lived(40, 24 * hour, 'day');
    const { abandoned, refused, timedOut } = fleet.traffic.read();
    const differences = points.flatMap((point) => {
      const { stationId, connectors } = point.record();
      const states = csms.aggregates.get(stationId)?.connectors ?? [];
      return connectors.flatMap(({ evseId, connectorId, status, transaction }) => {
        const state = states.find((one) => one.evseId === evseId && one.connectorId === connectorId);
        const [ours, theirs] = [state?.session?.transactionId, transaction?.transactionId];
        const isSame = ours === theirs;
        return isSame ? [] : [{ stationId, evseId, status, ours, theirs }];
      });
    });
    expect({ differences, abandoned, refused, timedOut }).toEqual({
      differences: [],
      abandoned: 0,
      refused: 0,
      timedOut: 0,
    });
    expect(csms.frames()).toBeGreaterThan(10_000);
    const ended = points.flatMap((point) => point.record().transactions);
    expect(ended.length).toBeGreaterThan(200);
  });

  it('takes commands while it lives', async () => {
    const network = demoNetwork({ stations: 4, seed: 'demo' });
    let csms: FoldingCsms | undefined;
    const fleet = virtualFleet({
      stations: network.stations,
      tags: ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9'],
      seed: 'commands',
      startAt: startAt + 12 * hour,
      csms: (clock) => {
        csms = foldingCsms(clock, network.stations);
        return csms;
      },
      sampleMs: minute,
      rate: 4,
    });
    await fleet.pass(hour);
    const before = fleet.powerW();
    for (const { stationId, ocpp } of network.stations) {
      const schedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 0 }] };
      const profile = { stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile', chargingProfileKind: 'Relative' };
      const request =
        ocpp === '1.6'
          ? { connectorId: 0, csChargingProfiles: { ...profile, chargingProfileId: 1, chargingSchedule: schedule } }
          : { evseId: 0, chargingProfile: { ...profile, id: 1, chargingSchedule: [{ ...schedule, id: 1 }] } };
      csms?.call(stationId, 'SetChargingProfile', request);
    }
    await fleet.pass(5_000);
    expect([before > 0, fleet.powerW()]).toEqual([true, 0]);
  });
});
