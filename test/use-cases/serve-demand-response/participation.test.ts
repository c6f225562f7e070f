import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { Participant, Participation } from '../../../domain/demand-response/participation.ts';
import { NotPermitted } from '../../../use-cases/ports/field.ts';
import { serveDemandResponse } from '../../../use-cases/serve-demand-response/serve-demand-response.ts';
import { operator, viewer } from '../../fakes/callers.ts';
import { fakeParticipationStore } from '../../fakes/participation-store.ts';
import { fakePlanStore } from '../../fakes/plan-store.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';
import { fakeSystem } from '../../fakes/system.ts';

const optedOut = (participant: Participant): Participation => ({
  ...{ participant, rev: 1, isOptedOut: true, kept: [], setAt: 0, setBy: 'olga', why: 'on call' },
});

const setting = async () => {
  const participations = fakeParticipationStore();
  await participations.put(optedOut({ kind: 'driver', tag: 'T1' }));
  await participations.put(optedOut({ kind: 'site', siteId: 'depot' }));
  const { participation } = serveDemandResponse({
    signals: fakeSignalStore(),
    workflows: { start: async () => 'started' },
    digest: requestDigest,
    system: fakeSystem(),
    plans: fakePlanStore(),
    network: {
      membersOf: async () => new Set(),
      stationsOf: async () => [],
      stationsBy: async () => [],
      reachedBy: async () => [],
      zonesOfSite: async () => [],
      timeZoneOf: async () => 'UTC',
      loadsOf: async () => new Map(),
    },
    participations,
  });
  if (participation === undefined) throw new Error('No field participation');
  return participation;
};

describe('how somebody takes part', () => {
  it('is told of a driver to those who may see tags alone', async () => {
    const participation = await setting();
    await expect(participation({ tag: 'T1' }, viewer)).rejects.toThrow(NotPermitted);
    await expect(participation({ tag: 'nobody' }, viewer)).rejects.toThrow(NotPermitted);
    expect(await participation({ tag: 'T1' }, operator)).toMatchObject({ tag: 'T1', isOptedOut: true });
  });

  it('is told of a site to everybody', async () => {
    const participation = await setting();
    expect(await participation({ siteId: 'depot' }, viewer)).toMatchObject({ siteId: 'depot', isOptedOut: true });
  });
});
