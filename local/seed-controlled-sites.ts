import { credentialOf } from '../aws/credential.ts';
import { credentialStore } from '../aws/credential-store.ts';
import { siteConfigurations } from '../aws/sites/site-store.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { defaultConfiguration } from '../domain/site/site-configuration.ts';
import { system } from '../runtime/system.ts';
import type { DemoNetwork } from '../simulator/demo-network.ts';
import { controlledSites } from '../simulator/network/controlled-sites.ts';

export type SiteTables = { readonly sites: string; readonly credentials: string; readonly signals: string };

/** Passwords of a network that lives as long as the process. */
const scryptCost = 16;

/**
 * Has the power of some sites of the demo network shared, and gives their buildings a password. A site that is configured
 * already is left as it is. The AWS SDK of this process must point at the local stack.
 */
export const seedControlledSites = async (network: DemoNetwork, tables: SiteTables): Promise<void> => {
  const configurations = siteConfigurations(tables.sites, system);
  const credentials = credentialStore(tables.credentials);
  const stream = siteStream(tables.signals, system);
  for (const { siteId, limitW, password } of controlledSites(network)) {
    await credentials.put(`site:${siteId}`, await credentialOf(password, scryptCost));
    if ((await configurations.find(siteId)) !== undefined) continue;
    await configurations.put({ ...defaultConfiguration, siteId, revision: 1, controlled: true, limitW });
    await stream.put([{ kind: 'site-configured', siteId, receivedAt: system.clock() }]);
  }
};
