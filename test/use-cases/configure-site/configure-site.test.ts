import { describe, expect, it } from 'vitest';
import { configureSite, readPatch } from '../../../use-cases/configure-site/configure-site.ts';
import { siteLimitThresholds } from '../../../use-cases/configure-site/site-limit-thresholds.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { planOf } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';

const setting = () => {
  const store = fakeSiteStore();
  const told: SiteRecord[] = [];
  const configure = configureSite({
    configurations: store,
    survey: { stations: async () => planOf(3).stations },
    stream: { put: async (records) => void told.push(...records) },
    clock: () => 1,
  });
  const set = (said: object) => configure('depot', readPatch(said));
  return { store, told, set };
};

describe('the configuration of a site', () => {
  it('begins with the limit of its connection and what is usual, and is told to its controller', async () => {
    const { set, told } = setting();
    const { configuration, warnings } = await set({ revision: 0, limitW: 90_000, controlled: true });
    expect(configuration).toMatchObject({
      revision: 1,
      limitW: 90_000,
      strategy: 'equal',
      fallbackPercent: 30,
      meter: 'grid',
    });
    expect(told).toEqual([{ kind: 'site-configured', siteId: 'depot', receivedAt: 1 }]);
    expect(warnings).toEqual([]);
  });

  it('keeps what a change leaves out', async () => {
    const { set } = setting();
    await set({
      revision: 0,
      limitW: 90_000,
      tierFactors: [{ tier: 'ON_PEAK', factor: 0.4 }],
      phases: { limitA: 120 },
    });
    const { configuration } = await set({ revision: 1, marginPercent: 5, phases: null });
    expect(configuration).toMatchObject({
      revision: 2,
      limitW: 90_000,
      marginPercent: 5,
      tierFactors: { ON_PEAK: 0.4 },
    });
    expect(configuration.phases).toBe(undefined);
  });

  it('is not changed over a change of somebody else', async () => {
    const { set } = setting();
    await set({ revision: 0, limitW: 90_000 });
    await expect(set({ revision: 0, limitW: 50_000 })).rejects.toThrow('is at revision 1, not 0');
  });

  it.each([
    [{ limitW: -5 }, 'The limit of the site is -0.005 kW'],
    [{ limitW: 90_000, marginPercent: 80 }, 'The margin is 80 %'],
    [
      { limitW: 90_000, feeders: [{ feederId: 'A', limitW: 10_000, parent: 'B' }] },
      'Feeder A hangs on B, which is not a feeder of this site',
    ],
    [
      {
        limitW: 90_000,
        feeders: [
          { feederId: 'A', limitW: 1, parent: 'B' },
          { feederId: 'B', limitW: 1, parent: 'A' },
        ],
      },
      'Feeder A hangs on itself',
    ],
    [
      { limitW: 90_000, minimums: [{ connectorType: 'CCS', minimumW: 150_000 }] },
      'The minimum of CCS is 150 kW: more than the 90 kW of the site',
    ],
    [{ limitW: 90_000, onlySolar: true, meter: 'none' }, 'needs a grid meter'],
    [{ controlled: true }, 'with the limit of its grid connection at least'],
  ])('is refused in words a site engineer understands: %j', async (said, words) => {
    await expect(setting().set({ revision: 0, ...said })).rejects.toThrow(words);
  });

  it('names every fault at once', async () => {
    const said = { revision: 0, limitW: 90_000, marginPercent: 80, validitySeconds: 5 };
    await expect(setting().set(said)).rejects.toThrow(/margin.*; .*validity/);
  });

  it('says what nobody knows: a setting that is misspelt', () => {
    expect(() => readPatch({ revision: 0, limitKw: 90 })).toThrow('limitKw');
  });
});

describe('the limit of a configured site', () => {
  const settings = () => {
    const own = new Map<string, object>([['depot', { siteLimitW: 1, lowPowerW: 500 }]]);
    return {
      own,
      overrides: async () => Object.fromEntries(own),
      find: async (scope: string) => own.get(scope) ?? {},
      change: async (scope: string, patch: object) => void own.set(scope, patch),
    };
  };
  const configured = fakeSiteStore({ ...planOf(1).configuration, limitW: 90_000 });

  it('is what thresholds say of it', async () => {
    const { overrides, find } = siteLimitThresholds(settings(), configured);
    expect([await overrides(), await find('depot')]).toEqual([
      { depot: { siteLimitW: 90_000, lowPowerW: 500 } },
      { siteLimitW: 90_000, lowPowerW: 500 },
    ]);
  });

  it('is not changed as a threshold; other thresholds are, without it', async () => {
    const kept = settings();
    const { change } = siteLimitThresholds(kept, configured);
    await expect(change('depot', { siteLimitW: 80_000 })).rejects.toThrow('configureSite');
    await expect(change('depot', { siteLimitW: null })).rejects.toThrow('configureSite');
    await change('depot', { siteLimitW: 90_000, lowPowerW: 700 });
    expect(kept.own.get('depot')).toEqual({ lowPowerW: 700 });
  });
});
