import { describe, expect, inject, it } from 'vitest';
import { thresholdSettings } from '../../../aws/dynamodb/threshold-settings.ts';
import type { ThresholdPatch, ThresholdSettings } from '../../../use-cases/ports/threshold-settings.ts';
import { fakeThresholdSettings } from '../../fakes/threshold-settings.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const stores: [string, () => Promise<ThresholdSettings>][] = [
  ['the fake', async () => fakeThresholdSettings()],
  [
    'DynamoDB',
    async () => {
      const endpoint = inject('dynamodbEndpoint');
      const table = await createTable(localClient(endpoint), 'settings');
      return thresholdSettings(table, { clock: () => 0 }, localDocuments(endpoint));
    },
  ],
];

describe.each(stores)('thresholds: %s', (_name, make) => {
  it('changes each by itself: of changes at the same time none is lost', async () => {
    const { change, find } = await make();
    const together = (...patches: readonly ThresholdPatch[]) =>
      Promise.all(patches.map((patch) => change('site-1', patch)));
    await together(
      { lowPowerW: 1 },
      { stallMs: 2 },
      { siteLimitW: 3, flapStarts: 4 },
      { lowPowerW: null, reopenMs: 5 },
    );
    await together({ stallMs: null }, { siteLimitW: 6 }, {}, { lowPowerW: 7 });
    expect(await find('site-1')).toEqual({ siteLimitW: 6, flapStarts: 4, lowPowerW: 7, reopenMs: 5 });
  });
});

it('keeps thresholds by scope, and rules hear of a change within a minute', async () => {
  const endpoint = inject('dynamodbEndpoint');
  const table = await createTable(localClient(endpoint), 'settings');
  let now = 0;
  const settings = thresholdSettings(table, { clock: () => now }, localDocuments(endpoint));
  await settings.change('*', { lowPowerW: 2_000 });
  const before = await settings.overrides();
  await settings.change('site-1', { stallMs: 1 });
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
