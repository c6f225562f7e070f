import { beforeAll, describe, expect, inject, it } from 'vitest';
import { siteConfigurations, siteStore } from '../../../aws/sites/site-store.ts';
import { localSystem } from '../../../local/local-system.ts';
import { configuration, emptySite } from '../../domain/site/given-site.ts';
import { fakeSiteStore, type MemorySites } from '../../fakes/site-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

type Sites = Omit<MemorySites, 'calls'>;

const inDynamodb = async (): Promise<Sites> => {
  const endpoint = inject('dynamodbEndpoint');
  const table = await createTable(localClient(endpoint), 'sites');
  const client = localDocuments(endpoint);
  const system = { clock: localSystem.clock, sleep: async () => {}, random: () => 0 };
  return { ...siteStore(table, system, client), ...siteConfigurations(table, system, client) };
};

describe.each([
  ['in DynamoDB', inDynamodb],
  ['in memory', async (): Promise<Sites> => fakeSiteStore()],
])('sites %s', (_where, open) => {
  let sites: Sites;
  beforeAll(async () => {
    sites = await open();
  });

  it('keep a configuration from revision to revision, and refuse one that is not the next', async () => {
    const [first, second] = [configuration(), configuration({ revision: 2, limitW: 50_000 })];
    expect(await sites.find('depot')).toBe(undefined);
    expect([await sites.put(first), await sites.put(first), await sites.put(second)]).toEqual([
      'stored',
      'conflict',
      'stored',
    ]);
    expect([await sites.find('depot'), await sites.all()]).toEqual([second, [second]]);
  });

  it('keep a state under its revision, beside the configuration', async () => {
    const [first, second] = [
      { ...emptySite, rev: 1 },
      { ...emptySite, rev: 2, version: 9 },
    ];
    expect(await sites.revision('depot')).toBe(0);
    expect([await sites.commit(first, 5), await sites.commit(first, 6), await sites.commit(second, 7)]).toEqual([
      'committed',
      'conflict',
      'committed',
    ]);
    expect(await sites.load('depot')).toEqual({
      kept: { state: second, keptAt: 7 },
      configuration: configuration({ revision: 2, limitW: 50_000 }),
    });
    expect([await sites.revision('depot'), await sites.states(['depot', 'other'])]).toEqual([
      2,
      [{ state: second, keptAt: 7 }],
    ]);
  });

  it('are empty where nobody wrote', async () => {
    expect(await sites.load('nowhere')).toEqual({});
  });
});
