import { describe, expect, it } from 'vitest';
import type { SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import { blankSite } from '../../../domain/site/site-state.ts';
import type { FieldCaller } from '../../../use-cases/ports/field.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { serveSites } from '../../../use-cases/serve-sites/serve-sites.ts';
import { configuration, noon, planOf } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';

const as = (role: FieldCaller['role']): FieldCaller => ({ by: `some ${role}`, role });

const setting = (...configured: readonly SiteConfiguration[]) => {
  const store = fakeSiteStore(...configured);
  const told: SiteRecord[] = [];
  const fields = serveSites({
    configurations: store,
    sites: store,
    survey: { stations: async () => planOf(2).stations },
    stream: { put: async (records) => void told.push(...records) },
    clock: () => noon,
  });
  const ask = (
    name: string,
    args: Readonly<Record<string, unknown>>,
    role: FieldCaller['role'] = 'administrator',
  ): Promise<unknown> => {
    const field = fields[name];
    if (field === undefined) throw new Error(`No field ${name}`);
    return Promise.resolve(field(args, as(role)));
  };
  return { store, told, ask };
};

const said = (record: SiteRecord | undefined): unknown =>
  record?.kind === 'signals' ? JSON.parse(Buffer.from(record.payload, 'base64').toString()) : record;

describe('signals over the API', () => {
  const evse = { siteId: 'depot', stationId: 'S1', evseId: 1 };
  const departureAt = new Date(noon + 3_600_000).toISOString();

  it.each([
    ['submitSiteDemand', { siteId: 'depot', powerW: 40_000, evPowerW: null }, 'SiteDemandMeasured'],
    ['submitPrices', { siteId: 'depot', prices: [{ tier: 'ON_PEAK', perKwh: null }] }, 'PricesPublished'],
    ['submitSiteLimit', { siteId: 'depot', scope: 'site', limitW: 50_000 }, 'SiteLimitSet'],
    ['setBid', { ...evse, perKwh: 0.4, currency: 'EUR' }, 'BidSet'],
    ['setPriority', { ...evse, priority: 1 }, 'PrioritySet'],
    ['setDeparture', { ...evse, departureAt, energyWh: 20_000 }, 'DepartureSet'],
    ['optOut', { ...evse, optedOut: true }, 'OptOutSet'],
  ])('%s goes onto the stream under the caller, without what was left out', async (field, args, name) => {
    const { ask, told } = setting();
    const prices = 'prices' in args ? [{ tier: 'ON_PEAK', from: new Date(noon).toISOString() }] : undefined;
    expect(await ask(field, prices === undefined ? args : { ...args, prices }, 'operator')).toMatchObject({
      siteId: 'depot',
      receivedAt: new Date(noon).toISOString(),
    });
    expect(told).toEqual([
      expect.objectContaining({
        kind: 'signals',
        siteId: 'depot',
        name,
        clientId: 'some operator',
        source: 'operators',
        receivedAt: noon,
      }),
    ]);
    expect(JSON.stringify(said(told[0]))).not.toContain('null');
  });

  it('are refused to who may only look, and where they make no sense, before anything is on the stream', async () => {
    const { ask, told } = setting();
    await expect(ask('setPriority', { ...evse, priority: 1 }, 'viewer')).rejects.toThrow('To signal for a site');
    await expect(ask('setPriority', { ...evse, priority: 0 }, 'operator')).rejects.toThrow('priority');
    await expect(ask('submitSiteDemand', { siteId: 'depot', powerW: 'much' }, 'operator')).rejects.toThrow('powerW');
    expect(told).toEqual([]);
  });

  const feeder = { siteId: 'depot', scope: 'feeder', limitW: 10_000 };
  it.each([
    ['submitSiteLimit', { ...feeder, feederId: 'fronnt' }, 'there is no feeder fronnt at depot (front, back)'],
    ['submitSiteLimit', { siteId: 'depot', scope: 'station', stationId: 'S9', limitW: 1 }, 'no station S9 at depot'],
    ['setBid', { ...evse, stationId: 'S9', perKwh: 0.4, currency: 'EUR' }, 'there is no station S9 at depot'],
    ['optOut', { ...evse, evseId: 7, optedOut: true }, 'station S1 has no EVSE 7'],
    ['setDeparture', { ...evse, departureAt: new Date(noon).toISOString() }, 'the departure has passed'],
  ])('%s about what a configured site does not have, or what is over, is refused: %j', async (field, args, why) => {
    const feeders = ['front', 'back'].map((feederId) => ({ feederId, limitW: 50_000 }));
    const { ask, told } = setting(configuration({ feeders }));
    await expect(ask(field, args, 'operator')).rejects.toThrow(why);
    expect(told).toEqual([]);
    await ask('submitSiteLimit', { ...feeder, feederId: 'front' }, 'operator');
    await ask('setPriority', { ...evse, priority: 1 }, 'operator');
    expect(told).toHaveLength(2);
  });
});

describe('the configuration over the API', () => {
  it('is changed by administrators alone, and shown in seconds with what may not be meant', async () => {
    const { ask } = setting();
    const change = { siteId: 'depot', configuration: { revision: 0, limitW: 30_000, minOnSeconds: 600 } };
    await expect(ask('configureSite', change, 'operator')).rejects.toThrow('To configure a site');
    expect(await ask('configureSite', change)).toMatchObject({ revision: 1, limitW: 30_000, minOnSeconds: 600 });
    expect(await ask('siteConfiguration', { siteId: 'depot' }, 'viewer')).toMatchObject({
      meterStaleSeconds: 60,
      tierFactors: [
        { tier: 'OFF_PEAK', factor: 1 },
        { tier: 'MID_PEAK', factor: 0.8 },
        { tier: 'ON_PEAK', factor: 0.5 },
        { tier: 'CRITICAL_PEAK', factor: 0.2 },
      ],
      warnings: [],
    });
  });

  it('is null for a site nobody configured', async () => {
    expect(await setting().ask('siteConfiguration', { siteId: 'depot' })).toBe(null);
  });
});

describe('the price tier over the API', () => {
  const priced = async (tier: string | undefined, to?: number) => {
    const { ask, store } = setting(configuration());
    const span = {
      from: noon - 60_000,
      perKwh: 0.31,
      ...(tier !== undefined && { tier }),
      ...(to !== undefined && { to }),
    };
    const prices = { siteId: 'depot', at: noon, receivedAt: noon, by: 'feed', currency: 'EUR', prices: [span] };
    await store.commit({ ...blankSite('depot', noon), rev: 1, prices: { type: 'PricesPublished', ...prices } }, noon);
    return ask('currentPriceTier', { siteId: 'depot' }, 'viewer');
  };
  const from = new Date(noon - 60_000).toISOString();

  it('tells the price that holds with the share its tier leaves', async () => {
    const shown = { siteId: 'depot', from, perKwh: 0.31, currency: 'EUR' };
    expect(await priced('ON_PEAK')).toEqual({ ...shown, tier: 'ON_PEAK', isKnownTier: true, factor: 0.5 });
    expect(await priced('SHOULDER')).toEqual({ ...shown, tier: 'SHOULDER', isKnownTier: false, factor: 1 });
    expect(await priced(undefined)).toEqual({ ...shown, isKnownTier: false });
  });

  it('is null without a price that holds', async () => {
    expect(await priced('ON_PEAK', noon)).toBe(null);
    expect(await setting(configuration()).ask('currentPriceTier', { siteId: 'depot' })).toBe(null);
  });
});
