import { expect, it } from 'vitest';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import { allocateSite } from '../../../use-cases/allocate-site/allocate-site.ts';
import { siteRecordOf } from '../../../use-cases/allocate-site/site-record-of.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { car, noon, planOf } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';

const SECOND_MS = 1_000;

it('finds cars that came before who tells sites knew that it is controlled, within seconds, and looks every five minutes later', async () => {
  const { configuration: site, stations } = planOf(2);
  const { siteId } = site;
  let now = noon;
  let running: readonly SiteConnector[] = [];
  const limitedAtSec = new Map<string, number>();
  const lookedAtSec: number[] = [];
  const allocate = allocateSite({
    store: fakeSiteStore(site),
    survey: {
      stations: async () => stations,
      running: async () => {
        lookedAtSec.push((now - noon) / SECOND_MS);
        return running;
      },
      live: async () => [],
    },
    setpoints: {
      send: async (_, { stationId }) => {
        if (!limitedAtSec.has(stationId)) limitedAtSec.set(stationId, (now - noon) / SECOND_MS);
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
  for (let sec = 15; sec <= 600; sec += 15) {
    const sampledAt = noon + sec * SECOND_MS;
    if (sec === 15) running = [car(1, { sampledAt, powerW: 20_000 })];
    if (sec === 60) running = [...running, car(2, { sampledAt, powerW: 20_000 })];
    await hears({ kind: 'site-tick', siteId, receivedAt: sampledAt });
  }
  expect({ limitedAtSec: Object.fromEntries(limitedAtSec), lookedAtSec }).toEqual({
    limitedAtSec: { S1: 15, S2: 60 },
    lookedAtSec: [0, 15, 30, 45, 60, 75, 90, 390],
  });
});
