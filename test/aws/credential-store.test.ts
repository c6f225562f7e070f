import { describe, expect, inject, it } from 'vitest';
import { credentialStore } from '../../aws/credential-store.ts';
import { tableShapes } from '../../lib/stores/tables.ts';
import type { CredentialStore } from '../../use-cases/ports/credential-store.ts';
import { fakeCredentialStore } from '../fakes/credential-store.ts';
import { createTable, localClient, localDocuments } from '../support/dynamodb-local.ts';

const endpoint = () => inject('dynamodbEndpoint');
const stores: [string, () => Promise<CredentialStore>][] = [
  ['the fake', async () => fakeCredentialStore()],
  [
    'DynamoDB',
    async () => credentialStore(await createTable(localClient(endpoint()), 'credentials'), localDocuments(endpoint())),
  ],
];

describe.each(stores)('a store of credentials: %s', (_name, open) => {
  it('finds what was put last, and nothing once it is removed', async () => {
    const store = await open();
    await store.put('CP01', 'scrypt$1');
    await store.put('CP01', 'scrypt$2');
    await store.put('CP02', 'scrypt$3');
    const found = [await store.find('CP01'), await store.find('CP02'), await store.find('CP03')];
    await store.remove('CP01');
    await store.remove('CP03');
    expect([...found, await store.find('CP01')]).toEqual(['scrypt$2', 'scrypt$3', undefined, undefined]);
  });
});

describe('the table of credentials', () => {
  it('has no change stream: what consumers park of a station holds none', () => {
    expect(tableShapes.credentials).not.toHaveProperty('changes');
  });
});
