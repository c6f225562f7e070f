import type { SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';

/** Configurations of sites (table sites, entry 'configuration'). */
export type SiteConfigurations = {
  /** As it stands (a consistent read); undefined for a site nobody configured. */
  readonly find: (siteId: string) => Promise<SiteConfiguration | undefined>;
  /**
   * Stores the configuration of a revision if the stored one is the revision before it (none for revision 1). 'conflict':
   * somebody else changed it; nothing is stored then.
   */
  readonly put: (configuration: SiteConfiguration) => Promise<'stored' | 'conflict'>;
  /** All of them, at most a minute old. */
  readonly all: () => Promise<readonly SiteConfiguration[]>;
};

/** A state as it was written. */
export type KeptSite = { readonly state: SiteState; readonly keptAt: number };

/** Controlled sites: one guarded item each (table sites, entry 'state'). */
export type SiteStore = {
  /** The state and the configuration as they are now (consistent reads). */
  readonly load: (siteId: string) => Promise<{ readonly kept?: KeptSite; readonly configuration?: SiteConfiguration }>;
  /** How often the state was written, 0 for none (a consistent read). */
  readonly revision: (siteId: string) => Promise<number>;
  /** Writes a state if the stored one still has the revision before it; 'conflict', and nothing written, otherwise. */
  readonly commit: (state: SiteState, keptAt: number) => Promise<'committed' | 'conflict'>;
  /** States of some sites, as written last; eventually consistent. */
  readonly states: (siteIds: readonly string[]) => Promise<readonly KeptSite[]>;
};
