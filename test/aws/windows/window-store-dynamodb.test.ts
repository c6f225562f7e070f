import { beforeAll, inject } from 'vitest';
import { dynamodbWindowStore } from '../../../aws/windows/window-store-dynamodb.ts';
import { system } from '../../../runtime/system.ts';
import type { WindowStore } from '../../../use-cases/ports/window-store.ts';
import { windowStoreContract } from '../../contracts/window-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

let store: WindowStore;
beforeAll(async () => {
  const endpoint = inject('dynamodbEndpoint');
  const table = await createTable(localClient(endpoint), 'windows');
  store = dynamodbWindowStore(table, { connector_1m: 400 }, system, localDocuments(endpoint));
});

windowStoreContract('DynamoDB', () => store);
