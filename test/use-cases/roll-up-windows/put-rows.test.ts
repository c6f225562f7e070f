import { expect, it } from 'vitest';
import type { Window } from '../../../domain/windows/window.ts';
import { rowsPut } from '../../../use-cases/roll-up-windows/put-rows.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const row = (version: number, energyWh: number): Window => ({
  series: 'zone_load_1m',
  key: 'zone-1',
  startAt: Date.parse('2026-11-01T10:00:00Z'),
  version,
  measures: { energyWh },
  labels: {},
});

it('puts what the work of every minute computes once, and again where something else stands there by then', async () => {
  const { store, rows } = windowStoreInMemory();
  const versions: number[] = [];
  const { put, putChanged } = rowsPut(
    {
      put: async (given) => {
        versions.push(...given.map(({ version }) => version));
        return await store.put(given);
      },
    },
    () => {},
  );
  await putChanged([row(1, 548)]);
  await putChanged([row(2, 548)]);
  await put([row(3, 364)]);
  await putChanged([row(4, 548)]);
  expect(versions).toEqual([1, 3, 4]);
  expect([...rows.values()].map(({ measures }) => measures)).toEqual([{ energyWh: 548 }]);
});

it('does not take for stored what the store had something newer for', async () => {
  const { store, rows } = windowStoreInMemory();
  const { put, putChanged } = rowsPut(store, () => {});
  await putChanged([row(5, 182)]);
  // Computed again in the same instant, from a reading that was fresher.
  await put([row(5, 781)]);
  await putChanged([row(6, 781)]);
  expect([...rows.values()].map(({ measures }) => measures)).toEqual([{ energyWh: 781 }]);
});
