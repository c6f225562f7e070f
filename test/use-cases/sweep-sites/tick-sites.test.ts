import { expect, it } from 'vitest';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { tickSites } from '../../../use-cases/sweep-sites/tick-sites.ts';
import { configuration } from '../../domain/site/given-site.ts';

const tickedOf = async (...sites: readonly ReturnType<typeof configuration>[]) => {
  const batches: (readonly SiteRecord[])[] = [];
  const tick = tickSites({
    configurations: { all: async () => sites },
    stream: { put: async (records) => void batches.push(records) },
  });
  return { told: await tick(60_000), batches };
};

it('a minute that passed is told to every controlled site, and to no other', async () => {
  const { told, batches } = await tickedOf(
    configuration({ siteId: 'depot' }),
    configuration({ siteId: 'watched', controlled: false }),
    configuration({ siteId: 'mall' }),
  );
  expect({ told, batches }).toEqual({
    told: 2,
    batches: [
      [
        { kind: 'site-tick', siteId: 'depot', receivedAt: 60_000 },
        { kind: 'site-tick', siteId: 'mall', receivedAt: 60_000 },
      ],
    ],
  });
});

it('nothing is put onto the stream where no site is controlled', async () => {
  expect(await tickedOf(configuration({ controlled: false }))).toEqual({ told: 0, batches: [] });
});
