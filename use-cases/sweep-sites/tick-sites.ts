import type { SiteStream } from '../ports/sites/site-record.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';

/**
 * Tells each controlled site that a minute has passed: what only time brings about (a meter that is silent, a limit that ends,
 * a car whose turn is over) must not wait for the next signal. Returns how many were told.
 */
export const tickSites =
  ({
    configurations,
    stream,
  }: {
    readonly configurations: Pick<SiteConfigurations, 'all'>;
    readonly stream: SiteStream;
  }) =>
  async (now: number): Promise<number> => {
    const controlled = (await configurations.all()).filter((site) => site.controlled);
    const ticks = controlled.map(({ siteId }) => ({ kind: 'site-tick', siteId, receivedAt: now }) as const);
    if (ticks.length > 0) await stream.put(ticks);
    return ticks.length;
  };
