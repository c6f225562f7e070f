import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeAll, expect, inject, it } from 'vitest';
import { mailboxStore } from '../../../aws/commands/mailbox-store.ts';
import { system } from '../../../runtime/system.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';
import { brokenPromises, type CommandStore, liveThrough } from '../../use-cases/send-command/command-world.ts';

let store: CommandStore;
beforeAll(async () => {
  const endpoint = inject('dynamodbEndpoint');
  const raw = localClient(endpoint);
  const documents = localDocuments(endpoint);
  const tables = { commands: await createTable(raw, 'commands'), stations: await createTable(raw, 'stations') };
  store = {
    mailboxes: mailboxStore(tables, system, documents),
    setContact: async (stationId, { admission, ocpp, connection }) => {
      const connectivity = connection && {
        connectionId: connection.connectionId,
        ocpp: connection.ocpp,
        transport: connection.transport,
        connectedAt: connection.openedAt,
      };
      const Item = {
        stationId,
        registration: { admission, ocpp, connectors: [] },
        connectivity: connectivity ?? { ocpp },
      };
      await documents.send(new PutCommand({ TableName: tables.stations, Item }));
    },
  };
});

it.each(['websocket', 'mqtt'] as const)(
  'commands over %s keep their promises on the real store, whatever happens',
  async (transport) => {
    let stations = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        stations += 1;
        const story = await liveThrough({ seed, stationId: `${transport}-${stations}`, store, transport, steps: 120 });
        expect(brokenPromises(story)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  },
);
