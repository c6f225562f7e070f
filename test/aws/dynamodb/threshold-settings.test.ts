import { expect, inject, it } from 'vitest';
import { thresholdSettings } from '../../../aws/dynamodb/threshold-settings.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

it('keeps thresholds by scope, and rules hear of a change within a minute', async () => {
  const endpoint = inject('dynamodbEndpoint');
  const table = await createTable(localClient(endpoint), 'settings');
  let now = 0;
  const settings = thresholdSettings(table, { clock: () => now }, localDocuments(endpoint));
  await settings.put('*', { lowPowerW: 2_000 });
  const before = await settings.overrides();
  await settings.put('site-1', { stallMs: 1 });
  now = 30_000;
  const soon = await settings.overrides();
  now = 61_000;
  const then = await settings.overrides();
  expect([before, soon, then, await settings.find('site-1'), await settings.find('site-2')]).toEqual([
    { '*': { lowPowerW: 2_000 } },
    { '*': { lowPowerW: 2_000 } },
    { '*': { lowPowerW: 2_000 }, 'site-1': { stallMs: 1 } },
    { stallMs: 1 },
    {},
  ]);
});
