import { expect, it } from 'vitest';
import { blankConnector } from '../../../domain/connector/connector.ts';
import { DAY_MS, HOUR_MS } from '../../../domain/kernel/durations.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import type { RegisteredConnector, RemovedConnector } from '../../../domain/registry/registration.ts';
import type { StationExclusion } from '../../../domain/uptime/uptime-row.ts';
import { rollUpWindows } from '../../../use-cases/roll-up-windows/roll-up-windows.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../../fakes/dirty-marks.ts';
import { fleetScanInMemory } from '../../fakes/fleet-scan.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';
import { timelineInMemory } from '../../fakes/timeline.ts';
import { registration } from '../../support/station-days.ts';
import { sweptPart } from '../../support/swept.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const midnight = Date.parse('2026-11-10T00:00:00Z');
const now = midnight + 5 * DAY_MS;
const at = (hour: number): number => midnight + hour * HOUR_MS;
const one: RegisteredConnector = { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 };
const two = { ...one, connectorId: 2 };

/**
 * Computes a day again at a station whose first connector was faulted from 8 to 10 o'clock, and whose second one was available.
 * Returns the minutes of the day that are on record then, by their keys: those in service, and those that are excluded.
 */
const computedAgain = async (given: {
  readonly connectors: readonly RegisteredConnector[];
  readonly removedConnectors?: readonly RemovedConnector[];
  readonly commissionedAt?: number;
  /** The port has this many minutes in service on record. */
  readonly onRecord?: number;
  readonly exclusions?: readonly StationExclusion[];
}) => {
  const { onRecord, exclusions = [], ...registered } = given;
  const station = { ...registration('S'), timeZone: 'UTC', commissionedAt: midnight - DAY_MS, ...registered };
  const windows = windowStoreInMemory();
  if (onRecord !== undefined)
    await windows.store.put([
      { series: 'uptime_1d', key: 'S#1', startAt: midnight, version: 1, measures: { upMin: onRecord }, labels: {} },
    ]);
  const { store: timeline } = timelineInMemory();
  const marks = [
    ['S#1#1', at(-20), 'available'],
    ['S#1#1', at(8), 'faulted'],
    ['S#1#1', at(10), 'available'],
    ['S#1#2', at(-20), 'available'],
  ] as const;
  await timeline.put(
    [],
    marks.map(([connector, markedAt, status], rev) => ({ connector, at: markedAt, status, rev, ordinal: 0 })),
  );
  const { store: dirty } = dirtyMarksInMemory(() => 0);
  await dirty.mark([{ kind: 'uptime', key: 'S', startAt: midnight }]);
  const part = rollUpWindows({
    ...{ windows: windows.store, timeline, dirty, sessions: sessionsInMemory().store },
    exclusions: async () => exclusions,
    progress: sweepProgressInMemory(),
    clock: () => now,
    warn: () => undefined,
  });
  const live = [one, two].map(({ evseId, connectorId }) => {
    const key = { stationId: 'S', evseId, connectorId };
    return { ...blankConnector(key, placeOf(station, key), at(11)), status: 'available' as const };
  });
  const fleet = fleetScanInMemory(() => ({
    stations: [{ stationId: 'S', registration: station }],
    connectors: live,
  }));
  await sweptPart(part, fleet, 1)(now);
  const days = await windows.store.read('uptime_1d', ['S#1', 'S#1#1', 'S#1#2'], midnight, midnight + 1);
  return Object.fromEntries(days.map(({ key, measures }) => [key, [measures.upMin, measures.excludedDownMin]]));
};

const removed = (removedAt: number, addedAt = midnight - DAY_MS): RemovedConnector => ({
  ...{ evseId: 1, connectorId: 2, ratedW: 50_000, addedAt, removedAt },
});

it('computes a day of a port that has lost a connector since with both, as it was', async () => {
  const removedConnectors = [removed(midnight + 2 * DAY_MS)];
  expect(await computedAgain({ connectors: [one], removedConnectors, onRecord: 1400 })).toEqual({
    ...{ 'S#1': [1440, 0], 'S#1#1': [1320, 0], 'S#1#2': [1440, 0] },
  });
});

it.each([
  ['was removed before the day was over', removed(at(20))],
  ['was removed nobody knows when', undefined],
  ['was added after it', removed(midnight + 3 * DAY_MS, midnight + 2 * DAY_MS)],
])('leaves a day of a port as it is on record where the other connector %s', async (_, other) => {
  const removedConnectors = other === undefined ? [] : [other];
  expect(await computedAgain({ connectors: [one], removedConnectors, onRecord: 1400 })).toEqual({
    ...{ 'S#1': [1400, undefined], 'S#1#1': [1320, 0] },
  });
});

it('has no day of a port on which it had a single connector, though another was added since', async () => {
  const exclusions: StationExclusion[] = [{ reason: 'vandalism', fromAt: at(9), toAt: at(10), connectorKey: '1#1' }];
  const connectors = [one, { ...two, addedAt: midnight + 3 * DAY_MS }];
  expect(await computedAgain({ connectors, exclusions })).toEqual({ 'S#1#1': [1320, 60] });
});

it('leaves the days of a port of a former registration, also where the port has a single connector now', async () => {
  expect(await computedAgain({ connectors: [one], commissionedAt: midnight + 2 * DAY_MS, onRecord: 1400 })).toEqual({
    'S#1': [1400, undefined],
  });
});
