import { expect, it } from 'vitest';
import { fallbackProfile } from '../../../domain/connector/fallback-profile.ts';
import type { Fact } from '../../../domain/kernel/fact.ts';
import { ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import { profileFormatOf } from '../../../ocpp/profile-change-of.ts';
import { allocateSite } from '../../../use-cases/allocate-site/allocate-site.ts';
import { siteRecordOf } from '../../../use-cases/allocate-site/site-record-of.ts';
import { stationChange } from '../../../use-cases/ports/item-change.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import type { InstallFallback } from '../../../use-cases/ports/sites/site-setpoints.ts';
import { tellSites } from '../../../use-cases/publish-changes/tell-sites.ts';
import { configuration } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';
import { commandEnded } from '../../support/commands.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, registration, said } from '../../support/station-days.ts';

type Order = Parameters<InstallFallback>[0];

const { siteId } = registration('S1');
/** Two stations of two connectors of 22 kW share what is safe without a meter: a quarter each. */
const shareW = 5_000;
const site = configuration({ siteId, limitW: 40_000, fallbackPercent: 50 });

const accepted = (evseId: number): readonly Fact[] => {
  const asked = fallbackProfile({ evseId, limitW: shareW });
  const payload = profileFormatOf('1.6').set({ ...asked, profileId: ownProfileId(asked) });
  const at = noon + minutes(evseId);
  return commandEnded(at, 'SetChargingProfile', payload, { isWrittenHere: true, origin: 'internal' });
};
const boot: Fact = { ...said(noon + minutes(10)), type: 'StationBooted', vendor: 'Acme', model: 'One' };

type Happened = ReturnType<typeof given>;

/** What records have a site's controller install at S1, of which that much is known, and S2, of which nothing is. */
const installedBy = async (
  told: readonly SiteRecord[],
  { aggregate }: Happened,
  as = site,
): Promise<readonly Order[]> => {
  const orders: Order[] = [];
  const allocate = allocateSite({
    store: fakeSiteStore(as),
    survey: {
      stations: async () => [registration('S1'), registration('S2')],
      running: async () => [],
      live: async () => aggregate.connectors,
    },
    setpoints: { send: async () => 'taken' },
    installFallback: async (order) => void orders.push(order),
    timeline: { put: async () => {} },
    clock: () => noon + minutes(11),
    warn: () => {},
  });
  const records = told.flatMap(
    (record, index) => siteRecordOf('0', JSON.stringify(record), String(index))?.value ?? [],
  );
  if (records.length > 0) await allocate(records, siteId);
  return orders.filter(({ shares, released = [] }) => shares.length + released.length > 0);
};

/** What a change of S1 has its site install. */
const installedAfter = async (
  before: readonly (Fact | readonly Fact[])[],
  ...then: Fact[]
): Promise<readonly Order[]> => {
  const [old, now] = [given(...before), given(...before, ...then)];
  const told: SiteRecord[] = [];
  const tell = tellSites({
    configurations: { all: async () => [site] },
    stream: { put: async (records) => void told.push(...records) },
  });
  const item = ({ aggregate: { stationId, station } }: Happened) => ({ stationId, ...station });
  const outbox = now.changes.slice(old.changes.length);
  const after = item(now);
  await tell([stationChange(item(old), { ...after, ...(after.state && { state: { ...after.state, outbox } }) })]);
  return installedBy(told, now);
};

it('is sent again to a station that booted, although it was accepted before, and to no other', async () => {
  const [order, ...others] = await installedAfter([accepted(1), accepted(2)], boot);
  expect([order?.stationId, order?.shares, others]).toEqual([
    'S1',
    [
      { evseId: 1, limitW: shareW },
      { evseId: 2, limitW: shareW },
    ],
    [],
  ]);
});

it('is sent for the first time when a station boots that was never heard of', async () => {
  expect((await installedAfter([], boot)).map(({ shares }) => shares.length)).toEqual([2]);
});

it('is not sent for what is no boot', async () => {
  expect(
    await installedAfter([accepted(1), accepted(2)], {
      ...said(noon + minutes(10)),
      type: 'ConnectionOpened',
      connectionId: 'c',
      ocpp: '1.6',
      transport: 'websocket',
    }),
  ).toEqual([]);
});

it('is sent to all that do not hold it when the site is configured', async () => {
  const configured: SiteRecord = { kind: 'site-configured', siteId, receivedAt: noon };
  const orders = await installedBy([configured], given(accepted(1), accepted(2)));
  expect(orders.map(({ stationId }) => stationId)).toEqual(['S2']);
});

it('is taken away, with setpoints, from a station that left for a site which is not controlled', async () => {
  const left = { stationId: 'S9', evseIds: [1, 2] };
  const configured: SiteRecord = { kind: 'site-configured', siteId, receivedAt: noon, left };
  const orders = await installedBy([configured], given(accepted(1), accepted(2)));
  const ids = [1, 2].flatMap((evseId) => ownProfileId(fallbackProfile({ evseId, limitW: 0 })));
  const setpoints = [1, 2].map((evseId) => ownProfileId({ purpose: 'tx', stackLevel: 1, evseId }));
  expect(orders.flatMap(({ stationId, released }) => (released === undefined ? [] : [[stationId, released]]))).toEqual([
    ['S9', [...ids, ...setpoints]],
  ]);
});

it('is taken away again when the site is no longer controlled', async () => {
  const configured: SiteRecord = { kind: 'site-configured', siteId, receivedAt: noon };
  const released = await installedBy([configured], given(accepted(1), accepted(2)), { ...site, controlled: false });
  const idOf = (evseId: number) => ownProfileId(fallbackProfile({ evseId, limitW: 0 }));
  expect(released.map(({ stationId, shares, released: ids }) => [stationId, shares, ids])).toEqual([
    ['S1', [], [idOf(1), idOf(2)]],
  ]);
});
