import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { KeptSite, SiteConfigurations, SiteStore } from '../../use-cases/ports/sites/site-store.ts';

export type MemorySites = SiteStore &
  SiteConfigurations & {
    readonly calls: { loads: number; commits: number; revisions: number };
  };

/** The sites table in memory; states are kept as text, as a table keeps them. */
export const fakeSiteStore = (...configured: readonly SiteConfiguration[]): MemorySites => {
  const configurations = new Map(configured.map((site) => [site.siteId, site]));
  const states = new Map<string, string>();
  const calls = { loads: 0, commits: 0, revisions: 0 };
  const kept = (siteId: string): KeptSite | undefined => {
    const text = states.get(siteId);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    calls,
    find: async (siteId) => configurations.get(siteId),
    put: async (configuration) => {
      const { siteId, revision } = configuration;
      if ((configurations.get(siteId)?.revision ?? 0) !== revision - 1) return 'conflict';
      configurations.set(siteId, configuration);
      return 'stored';
    },
    all: async () => [...configurations.values()],
    load: async (siteId) => {
      calls.loads += 1;
      const [site, configuration] = [kept(siteId), configurations.get(siteId)];
      return { ...(site && { kept: site }), ...(configuration && { configuration }) };
    },
    revision: async (siteId) => {
      calls.revisions += 1;
      return kept(siteId)?.state.rev ?? 0;
    },
    commit: async (state, keptAt) => {
      calls.commits += 1;
      if ((kept(state.siteId)?.state.rev ?? 0) !== state.rev - 1) return 'conflict';
      states.set(state.siteId, JSON.stringify({ state, keptAt }));
      return 'committed';
    },
    states: async (siteIds) => siteIds.flatMap((siteId) => kept(siteId) ?? []),
  };
};
