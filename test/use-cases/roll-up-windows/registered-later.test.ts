import { expect, it } from 'vitest';
import { blankConnector } from '../../../domain/connector/connector.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { placeOf, UNREGISTERED } from '../../../domain/registry/place.ts';
import type { Registration } from '../../../domain/registry/registration.ts';
import { sessionRecord } from '../../../domain/tariff/session-record.ts';
import { rollUpWindows } from '../../../use-cases/roll-up-windows/roll-up-windows.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../../fakes/dirty-marks.ts';
import { fleetScanInMemory } from '../../fakes/fleet-scan.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';
import { timelineInMemory } from '../../fakes/timeline.ts';
import { registration } from '../../support/station-days.ts';
import { sweptPart } from '../../support/swept.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const T0 = Date.parse('2026-10-05T10:00:00Z');
const key = { stationId: 'S', evseId: 1, connectorId: 1 };

it('counts energy once of a connector that was registered while a car charged', async () => {
  const after: Registration = { ...registration('S'), timeZone: 'UTC' };
  const before: Registration = { ...after, connectors: [] };
  let now = T0 + HOUR_MS + MINUTE_MS;
  const windows = windowStoreInMemory();
  const { store: sessions } = sessionsInMemory();
  const { store: dirty } = dirtyMarksInMemory(() => 0);
  const part = rollUpWindows({
    ...{ windows: windows.store, sessions, timeline: timelineInMemory().store, dirty },
    exclusions: async () => [],
    progress: sweepProgressInMemory(),
    clock: () => now,
    warn: () => undefined,
  });
  const session = { sessionId: 's', transactionId: 't', startedAt: T0, flags: [] };
  const sweep = async (registered: Registration, isCharging: boolean) => {
    const open = { ...session, energyWh: 10_000, curve: [[0, 0] as const, [3600, 10_000] as const] };
    const connector = blankConnector(key, placeOf(registered, key), T0);
    const fleet = fleetScanInMemory(() => ({
      stations: [{ stationId: 'S', registration: registered }],
      connectors: [isCharging ? { ...connector, status: 'charging' as const, session: open } : connector],
    }));
    await sweptPart(part, fleet, 1)(now);
  };
  const rows = async () =>
    (await windows.store.read('station_revenue_1h', [`S#${UNREGISTERED}`, 'S#Type2'], T0, T0 + 2 * HOUR_MS)).map(
      (row) => [row.key, (row.startAt - T0) / HOUR_MS, row.measures.energyWh, row.measures.sessionsCompleted],
    );
  await sweep(before, true);
  expect(await rows()).toEqual([[`S#${UNREGISTERED}`, 0, 10_000, 0]]);
  now = T0 + 85 * MINUTE_MS;
  const ended = {
    ...{ ...session, evseId: 1, connectorId: 1, stationId: 'S', rev: 2, reason: 'local' as const },
    ...{ endedAt: T0 + 80 * MINUTE_MS, energyWh: 12_000, curve: [[0, 0] as const, [4800, 12_000] as const] },
  };
  await sessions.put(sessionRecord(ended, placeOf(after, key), { tariffs: [], assignments: [] }));
  await dirty.mark([{ kind: 'revenue', key: 'S#Type2', startAt: Date.parse('2026-10-05T00:00:00Z') }]);
  await sweep(after, false);
  expect(await rows()).toEqual([
    ['S#Type2', 0, 9000, 0],
    [`S#${UNREGISTERED}`, 0, 0, 0],
    ['S#Type2', 1, 3000, 1],
  ]);
});
