import { expect, it } from 'vitest';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import { allocateSite } from '../../../use-cases/allocate-site/allocate-site.ts';
import { siteRecordOf } from '../../../use-cases/allocate-site/site-record-of.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-records.ts';
import { car, noon, planOf } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';
import { minutes } from '../../support/station-days.ts';

it('finds cars that came before who tells sites knew that it is controlled', async () => {
  const { configuration: site, stations } = planOf(1);
  const { siteId } = site;
  let now = noon;
  let running: readonly SiteConnector[] = [];
  const limited: string[] = [];
  const allocate = allocateSite({
    store: fakeSiteStore(site),
    survey: {
      stations: async () => stations,
      running: async () => running,
      live: async () => [],
    },
    setpoints: {
      send: async (_, { stationId }) => {
        limited.push(stationId);
        return 'taken';
      },
    },
    installFallback: async () => {},
    timeline: { put: async () => {} },
    clock: () => now,
    warn: () => {},
  });
  let sequence = 0;
  const hears = async (record: SiteRecord): Promise<void> => {
    now = record.receivedAt;
    sequence += 1;
    const { value } = siteRecordOf('0', JSON.stringify(record), String(sequence).padStart(20, '0')) ?? {};
    if (value !== undefined) await allocate([value], siteId);
  };

  await hears({ kind: 'site-configured', siteId, receivedAt: noon });
  running = [car(1, { sampledAt: noon, powerW: 20_000 })];
  for (const minute of [1, 2]) await hears({ kind: 'site-tick', siteId, receivedAt: noon + minutes(minute) });
  expect(limited).toEqual(['S1']);
});
