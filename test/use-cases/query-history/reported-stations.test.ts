import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../domain/kernel/durations.ts';
import type { Registration } from '../../../domain/registry/registration.ts';
import { reportedStations } from '../../../use-cases/query-history/reported-stations.ts';
import { uptimeReport } from '../../../use-cases/query-history/uptime-report.ts';
import { fakeStationRegistry } from '../../fakes/station-registry.ts';
import { registration } from '../../support/station-days.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const october = Date.parse('2026-10-01T00:00:00Z');
const november = Date.parse('2026-11-01T00:00:00Z');
const station: Registration = {
  ...registration('S1'),
  timeZone: 'UTC',
  connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
  commissionedAt: october,
};
const gone = october + 20 * DAY_MS + 9 * HOUR_MS;

const removed = async (decommissionedAt: number, ...again: readonly Registration[]) => {
  const registry = fakeStationRegistry(station);
  await registry.remove('S1', decommissionedAt);
  for (const each of again) await registry.put(each);
  return registry;
};

const reported = async (registry: ReturnType<typeof fakeStationRegistry>, month = '2026-10') => {
  const windows = windowStoreInMemory();
  await windows.store.put(
    Array.from({ length: 20 }, (_, index) => ({
      series: 'uptime_1d',
      key: 'S1#1#1',
      startAt: october + index * DAY_MS,
      version: 1,
      measures: { minutes: 1440, upMin: 1400, downMin: 40 },
      labels: {},
    })),
  );
  const question = { rule: 'nevi', month, now: november + 40 * DAY_MS } as const;
  const report = await uptimeReport(
    windows.store,
    await reportedStations(registry, station.siteId, question),
    question,
  );
  if (report.rule !== 'nevi') throw new Error('another report than asked for');
  return report.ports.map(({ connector, coveredMin, unmeasuredMin, outageMin }) => ({
    connector,
    coveredMin,
    unmeasuredMin,
    outageMin,
  }));
};
const twentyDays = { connector: 'S1#1#1', coveredMin: 20 * 1440, unmeasuredMin: 0, outageMin: 20 * 40 };

describe('a report of uptime about a station that was removed', () => {
  it('counts it until the day it went', async () => {
    expect(await reported(await removed(gone))).toEqual([twentyDays]);
  });

  it('counts it in later reports that look back to when it stood, and in no others', async () => {
    const registry = await removed(gone);
    expect([await reported(registry, '2026-11'), await reported(registry, '2026-09')]).toEqual([[twentyDays], []]);
    const uk = { rule: 'uk', month: '2027-01' } as const;
    expect(await reportedStations(registry, station.siteId, uk)).toEqual([]);
  });

  it('counts it beside the station that was registered anew', async () => {
    const again = { ...station, commissionedAt: gone + 2 * HOUR_MS };
    const days = 11 * 1440 - 11 * 60;
    expect(await reported(await removed(gone, again))).toEqual([
      { connector: 'S1#1#1', coveredMin: 0, unmeasuredMin: days, outageMin: 0 },
      twentyDays,
    ]);
  });

  it('leaves the time to the registration that came after it, where that claims it', async () => {
    expect(await reported(await removed(gone, station))).toEqual([{ ...twentyDays, unmeasuredMin: 11 * 1440 }]);
    const halfway = { ...station, commissionedAt: october + 10 * DAY_MS + HOUR_MS };
    const ports = await reported(await removed(gone, halfway));
    expect(ports.map(({ coveredMin }) => coveredMin)).toEqual([10 * 1440, 10 * 1440]);
  });

  it('leaves the time to a registration at another site that claims it, which counts it there', async () => {
    const elsewhere = { ...station, siteId: 'elsewhere', commissionedAt: october + 10 * DAY_MS + HOUR_MS };
    const period = { rule: 'nevi', month: '2026-10' } as const;
    const former = { ...station, decommissionedAt: gone };
    const ended = { registration: former, untilAt: october + 10 * DAY_MS };
    const registry = await removed(gone, elsewhere);
    expect(await reportedStations(registry, station.siteId, period)).toEqual([ended]);
    expect(await reportedStations(registry, 'elsewhere', period)).toEqual([{ registration: elsewhere }]);
    await registry.remove('S1', gone + DAY_MS);
    expect(await reportedStations(registry, station.siteId, period)).toEqual([ended]);
  });

  it('does not count one that went before it was commissioned, or at another site', async () => {
    expect(await reported(await removed(october - DAY_MS))).toEqual([]);
    const registry = await removed(gone);
    expect(await reportedStations(registry, 'elsewhere', { rule: 'nevi', month: '2026-10' })).toEqual([]);
  });
});

describe('a report of uptime', () => {
  it('counts a connector that was added to a station from then on, and an EVSE from its first one', async () => {
    const addedAt = october + 10 * DAY_MS + 6 * HOUR_MS;
    const connectors = station.connectors.flatMap((first) => [
      { ...first, addedAt },
      { ...first, evseId: 2 },
      { ...first, evseId: 2, connectorId: 2, addedAt },
    ]);
    expect(await reported(fakeStationRegistry({ ...station, connectors }))).toEqual([
      { connector: 'S1#1#1', coveredMin: 10 * 1440, unmeasuredMin: 11 * 1440 - 6 * 60, outageMin: 10 * 40 },
      { connector: 'S1#2', coveredMin: 0, unmeasuredMin: 31 * 1440, outageMin: 0 },
    ]);
  });

  it('counts a port that was removed from its station until the day it went, and in no period after that', async () => {
    const removedConnectors = [{ evseId: 1, connectorId: 1, ratedW: 50_000, removedAt: gone }];
    const connectors = station.connectors.map((first) => ({ ...first, evseId: 2, connectorId: 1 }));
    const registry = fakeStationRegistry({ ...station, connectors, removedConnectors });
    const other = { connector: 'S1#2#1', coveredMin: 0, unmeasuredMin: 31 * 1440, outageMin: 0 };
    expect([await reported(registry), (await reported(registry, '2027-11')).map(({ connector }) => connector)]).toEqual(
      [[other, twentyDays], ['S1#2#1']],
    );
  });

  it('counts a port over all times in which it had a connector', async () => {
    const [first] = station.connectors;
    if (first === undefined) throw new Error('No connector');
    const removedAt = october + 5 * DAY_MS + HOUR_MS;
    const removedConnectors = [{ evseId: 1, connectorId: 1, ratedW: 50_000, removedAt }];
    const at = async (addedAt: number, connectorId = 1) => {
      const connectors = [{ ...first, connectorId, addedAt }];
      const [port] = await reported(fakeStationRegistry({ ...station, connectors, removedConnectors }));
      return port;
    };
    const days = { coveredMin: 20 * 1440, outageMin: 20 * 40 };
    const unmeasured = (hours: number): number => 11 * 1440 - hours * 60;
    // A day that is on record counts as much as it says.
    expect(await at(removedAt + HOUR_MS)).toEqual({ connector: 'S1#1#1', ...days, unmeasuredMin: unmeasured(2) });
    expect(await at(october + 8 * DAY_MS)).toEqual({
      ...{ connector: 'S1#1#1', coveredMin: 17 * 1440, outageMin: 17 * 40, unmeasuredMin: 11 * 1440 },
    });
    expect(await at(removedAt, 2)).toMatchObject({ connector: 'S1#1#2', ...days, unmeasuredMin: unmeasured(1) });
  });

  it('leaves out what has come into service since the last day that is over', async () => {
    const addedAt = november + 40 * DAY_MS + HOUR_MS;
    const connectors = station.connectors.flatMap((first) => [first, { ...first, evseId: 2, addedAt }]);
    const young = { ...station, stationId: 'S2', commissionedAt: addedAt };
    const ports = await reported(fakeStationRegistry({ ...station, connectors }, young), '2026-12');
    expect(ports.map(({ connector }) => connector)).toEqual(['S1#1#1']);
  });

  it('leaves out a station that was commissioned after its period', async () => {
    const young = { ...station, stationId: 'S2', commissionedAt: november };
    const registry = fakeStationRegistry(station, young);
    const reports = ['2026-10', '2026-11'].map((month) =>
      reportedStations(registry, station.siteId, { rule: 'nevi', month }),
    );
    expect(await Promise.all(reports)).toEqual([
      [{ registration: station }],
      [{ registration: station }, { registration: young }],
    ]);
  });
});
