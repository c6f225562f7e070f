import { expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { SignalRecord } from '../../../domain/demand-response/signal-record.ts';
import { pageToken } from '../../../use-cases/fields/page-token.ts';
import { serveDemandResponse } from '../../../use-cases/serve-demand-response/serve-demand-response.ts';
import { viewer } from '../../fakes/callers.ts';
import { fakeParticipationStore } from '../../fakes/participation-store.ts';
import { fakePlanStore } from '../../fakes/plan-store.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';
import { fakeSystem } from '../../fakes/system.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');

const event = (signalId: string, hour: number, state: SignalRecord['state'] = 'active'): SignalRecord => ({
  signal: {
    ...{ kind: 'zone-reduction', signalId, version: 1, type: 'CURTAIL', priority: 2, zoneId: 'Z', reductionW: 1000 },
    ...{ startAt: T0 + hour * 3_600_000, endAt: T0 + 90_000_000, receivedAt: T0, by: 'olga' },
  },
  ...{ rev: 1, state, round: 0, toldCount: 0, outbox: [], registeredAt: T0 },
});

const listing = async (...records: readonly SignalRecord[]) => {
  const signals = fakeSignalStore();
  for (const record of records) await signals.commit(record, 0);
  const { demandResponseEvents: list } = serveDemandResponse({
    ...{ signals, digest: requestDigest, system: fakeSystem(), plans: fakePlanStore() },
    workflows: { start: async () => 'started' },
    participations: fakeParticipationStore(),
    network: {
      membersOf: async () => new Set(),
      stationsOf: async () => [],
      stationsBy: async () => [],
      reachedBy: async () => [],
      zonesOfSite: async () => [],
      timeZoneOf: async () => 'UTC',
      loadsOf: async () => new Map(),
    },
  });
  if (list === undefined) throw new Error('No field demandResponseEvents');
  return (args: object) => list({ active: true, ...args }, viewer) as Promise<Listed>;
};

type Listed = { readonly items: readonly { readonly id: string }[]; readonly nextToken?: string };

it('events that have not ended come in pages of the size asked for, the newest first and each once', async () => {
  const list = await listing(
    event('a', 1),
    event('b', 3),
    event('over', 2, 'ended'),
    ...['e', 'd', 'c'].map((id) => event(id, 2)),
  );
  const pages: (readonly string[])[] = [];
  let nextToken: string | undefined;
  do {
    const page = await list({ limit: 2, nextToken: nextToken ?? null });
    pages.push(page.items.map(({ id }) => id));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && pages.length < 10);
  expect(pages).toEqual([['b', 'c'], ['d', 'e'], ['a']]);
});

it('a page of the events that have not ended is refused a token of another list', async () => {
  const list = await listing(event('a', 1));
  await expect(list({ nextToken: pageToken({ siteId: 'A' }) })).rejects.toThrow('Invalid page token');
});
