import { describe, expect, it } from 'vitest';
import type { Registration } from '../../../domain/registry/registration.ts';
import type { ConnectorStatuses } from '../../../use-cases/ports/live-network.ts';
import { queryNetwork } from '../../../use-cases/query-network/query-network.ts';
import { viewer } from '../../fakes/callers.ts';
import { registration } from '../../fakes/registration.ts';

const stations: readonly Registration[] = [
  registration({ stationId: 'a1', siteId: 'A', zoneId: 'z2', region: 'north' }),
  registration({ stationId: 'a2', siteId: 'A', zoneId: 'z1', region: 'north' }),
  registration({ stationId: 'b1', siteId: 'B', zoneId: 'z1', region: 'south' }),
];
const statuses: ConnectorStatuses = {
  ofSite: async () => [
    { zoneId: 'z1', status: 'charging' },
    { zoneId: 'z2', status: 'faulted' },
  ],
  ofRegion: async () => ['offline', 'offline'],
  ofNetwork: async () => ['available', 'charging', 'charging'],
};
const fields = queryNetwork({
  registry: { list: async (siteId) => stations.filter((station) => station.siteId === siteId) },
  configurations: { find: async () => undefined },
  control: { states: async () => [] },
  clock: () => 0,
  network: { siteIds: async () => ['A', 'B'], statuses },
});
const ask = async (field: string, args: Record<string, unknown> = {}): Promise<unknown> => {
  const work = fields[field];
  if (work === undefined) throw new Error(`No field ${field}`);
  return await work(args, viewer);
};

describe('sites', () => {
  it('are what their registered stations say, in pages', async () => {
    const first = await ask('sites', { limit: 1 });
    expect(first).toMatchObject({
      items: [{ id: 'A', siteId: 'A', region: 'north', zoneIds: ['z1', 'z2'], stationCount: 2 }],
      nextToken: expect.any(String),
    });
    expect(await ask('sites', { limit: 1, nextToken: Object(first).nextToken })).toMatchObject({
      items: [{ id: 'B' }],
      nextToken: null,
    });
  });

  it.each(['nonsense', Buffer.from('{"ended":5}').toString('base64url')])(
    'refuse a token of another list: %s',
    async (nextToken) => {
      await expect(ask('sites', { nextToken })).rejects.toThrow('Invalid page token');
    },
  );

  it('are found by id, and null where no station is registered', async () => {
    expect([
      await ask('site', { siteId: 'B' }),
      await ask('site', { siteId: 'C' }),
      await ask('site', { siteId: '' }),
    ]).toMatchObject([{ id: 'B', region: 'south' }, null, null]);
  });
});

describe('statusCounts', () => {
  const counted = async (args: Record<string, unknown>) => {
    const { connectors, statuses: all } = Object(await ask('statusCounts', args));
    const some = all.filter((one: { connectors: number }) => one.connectors > 0);
    return [
      connectors,
      all.length,
      Object.fromEntries(some.map((one: { status: string; connectors: number }) => [one.status, one.connectors])),
    ];
  };

  it.each([
    [{}, 3, { available: 1, charging: 2 }],
    [{ filter: { siteId: 'A', region: null } }, 2, { charging: 1, faulted: 1 }],
    [{ filter: { siteId: 'A', zoneId: 'z2' } }, 1, { faulted: 1 }],
    [{ filter: { region: 'north' } }, 2, { offline: 2 }],
  ])('%j counts every status there is', async (args, connectors, some) => {
    expect(await counted(args)).toEqual([connectors, 12, some]);
  });

  it.each([
    [{ siteId: 'A', region: 'north' }, 'siteId or region, not both'],
    [{ zoneId: 'z1' }, 'needs the siteId'],
    [{ siteId: '' }, 'filter.siteId'],
  ])('refuses %j', async (filter, why) => {
    await expect(ask('statusCounts', { filter })).rejects.toThrow(why);
  });
});
