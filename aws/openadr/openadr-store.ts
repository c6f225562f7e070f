import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import type {
  KnownEvent,
  OpenAdrStore,
  ServerState,
  ToldSite,
} from '../../use-cases/ports/demand-response/openadr-store.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { packed, unpacked } from '../dynamodb/packed.ts';

/** Scope of all items; entries are server#ID, state#ID, event#ID#EVENT and site#SITE. */
const SCOPE = 'openadr';

const eventEntry = (serverId: string, eventId: string): string => `event#${serverId}#${eventId}`;

/**
 * OpenADR in table grid. None of it is guarded: two runs that look at the same moment write the same, and what one of them
 * forgets is submitted again, which changes nothing.
 */
export const openAdrStore = (table: string, client: DynamoDBDocumentClient = documentClient()): OpenAdrStore => {
  const put = async (entry: string, content: object): Promise<void> => {
    await client.send(new PutCommand({ TableName: table, Item: { scope: SCOPE, entry, ...content } }));
  };
  const remove = async (entry: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: table, Key: { scope: SCOPE, entry } }));
  };
  const list = async (prefix: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const found: Readonly<Record<string, unknown>>[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#scope = :scope AND begins_with(entry, :prefix)',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: { ':scope': SCOPE, ':prefix': prefix },
      },
    );
    for await (const page of pages) found.push(...(page.Items ?? []));
    return found;
  };

  // Items of this scope have one writer: what it wrote is what comes back.
  return {
    servers: async () => (await list('server#')).map(({ server }) => server as OpenAdrServer),
    putServer: (server) => put(`server#${server.serverId}`, { server }),
    removeServer: (serverId) => remove(`server#${serverId}`),
    state: async (serverId) => {
      const Key = { scope: SCOPE, entry: `state#${serverId}` };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item?.state as ServerState | undefined;
    },
    putState: (state) => put(`state#${state.serverId}`, { state }),
    // Packed: an event may have hundreds of intervals.
    events: async (serverId) =>
      (await list(eventEntry(serverId, ''))).map(({ known }) => unpacked(known as Uint8Array) as KnownEvent),
    putEvent: (known) => put(eventEntry(known.serverId, known.event.eventId), { known: packed(known) }),
    removeEvent: ({ serverId, event }) => remove(eventEntry(serverId, event.eventId)),
    sites: async () => (await list('site#')).map(({ told }) => told as ToldSite),
    putSite: (told) => put(`site#${told.siteId}`, { told }),
  };
};
