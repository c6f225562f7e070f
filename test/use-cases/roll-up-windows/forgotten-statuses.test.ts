import { expect, it } from 'vitest';
import { blankConnector } from '../../../domain/connector/connector.ts';
import { DAY_MS, HOUR_MS } from '../../../domain/kernel/durations.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import type { StationExclusion } from '../../../domain/uptime/uptime-row.ts';
import { rollUpWindows } from '../../../use-cases/roll-up-windows/roll-up-windows.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../../fakes/dirty-marks.ts';
import { fleetScanInMemory } from '../../fakes/fleet-scan.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';
import { timelineInMemory } from '../../fakes/timeline.ts';
import { registration } from '../../support/station-days.ts';
import { sweptPart } from '../../support/swept.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const midnight = Date.parse('2026-01-10T00:00:00Z');

it('keeps the legal record of a day whose statuses are forgotten, and computes one that is still told anew', async () => {
  const now = midnight + 410 * DAY_MS;
  const [forgotten, told] = [midnight, now - 10 * DAY_MS];
  const station = {
    ...registration('S'),
    timeZone: 'UTC',
    connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
  };
  const key = { stationId: 'S', evseId: 1, connectorId: 1 };
  const windows = windowStoreInMemory();
  const recorded = { minutes: 1440, closedMin: 0, upMin: 1320, downMin: 120, unknownMin: 0 };
  const measures = { ...recorded, excludedDownMin: 0, excludedUnknownMin: 0 };
  const day = { series: 'uptime_1d', key: 'S#1#1', version: 1, labels: {} };
  await windows.store.put(
    [forgotten, told].map((startAt) => ({
      ...{ ...day, startAt },
      measures: { ...measures, 'minutes.available': 1320, 'minutes.faulted': 120 },
    })),
  );
  const { store: timeline } = timelineInMemory();
  const faulted = { connector: 'S#1#1', at: told - DAY_MS, status: 'faulted', rev: 1, ordinal: 0 } as const;
  await timeline.put([], [faulted]);
  const { store: dirty } = dirtyMarksInMemory(() => 0);
  await dirty.mark([forgotten, told].map((startAt) => ({ kind: 'uptime', key: 'S', startAt })));
  const exclusions: StationExclusion[] = [forgotten, told].map((startAt) => ({
    ...{ reason: 'vandalism', fromAt: startAt + 10 * HOUR_MS, toAt: startAt + 12 * HOUR_MS },
  }));
  const part = rollUpWindows({
    ...{ windows: windows.store, timeline, dirty, sessions: sessionsInMemory().store },
    exclusions: async () => exclusions,
    progress: sweepProgressInMemory(),
    clock: () => now,
    warn: () => undefined,
  });
  const live = { ...blankConnector(key, placeOf(station, key), now - DAY_MS), status: 'available' as const };
  const fleet = fleetScanInMemory(() => ({
    stations: [{ stationId: 'S', registration: station }],
    connectors: [live],
  }));
  await sweptPart(part, fleet, 1)(now);
  const days = await windows.store.read('uptime_1d', ['S#1#1'], midnight, now - 5 * DAY_MS);
  expect(days.map((row) => [row.startAt, row.measures.downMin, row.measures.excludedDownMin])).toEqual([
    [forgotten, 120, 0],
    [told, 1440, 120],
  ]);
});
