import { marshalled, unmarshalled } from '../../aws/attributes/marshalled.ts';
import { DocumentClient } from '../../aws/dynamodb/document-client.ts';
import { type OpenClient, withoutUnused } from '../../aws/open-client.ts';
import type { Attributes, ItemRequest, TableItems } from './table-items.ts';

type Command = { readonly input: Record<string, unknown> };
/** Hears what is put on streams and buses. */
export type Heard = (service: string, input: Readonly<Record<string, unknown>>) => void;

const operations: Readonly<Record<string, string>> = {
  BatchGet: 'BatchGetItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};
const encodedFields = ['Item', 'Key', 'ExpressionAttributeValues'] as const;

/** What a stream or a bus answers that has taken everything. */
const taken = ({ Entries }: Readonly<Record<string, unknown>>): object => ({
  ShardId: 'shardId-000000000000',
  SequenceNumber: '1',
  FailedEntryCount: 0,
  Entries: Array.isArray(Entries) ? Entries.map((_, index) => ({ EventId: String(index) })) : [],
});

/** Clients that encode items as the SDK does, and then only put them into memory: a function without the SDK around it. */
export const encodingClients =
  (tables: TableItems, heard: Heard): OpenClient =>
  (Service) => {
    const send = async (command: Command): Promise<object> => {
      const { input } = command;
      const name = command.constructor.name.replace(/Command$/, '');
      if ((Service as unknown) !== DocumentClient) {
        heard(name, input);
        return taken(input);
      }
      const request = marshalled(input);
      // The body of the request.
      JSON.stringify(request);
      return unmarshalled(tables.answer(operations[name] ?? name, request as ItemRequest));
    };
    return Object.assign(Object.create((Service as { prototype: object }).prototype), { send, config: {} });
  };

/** Bytes are base64 in JSON. */
const revived = (item: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      'B' in value ? { B: Buffer.from(String(value.B), 'base64') } : value.M ? { M: revived(value.M) } : value,
    ]),
  ) as Attributes;
const written = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

type HttpRequest = { readonly headers: Record<string, string>; readonly body?: string | Uint8Array };

/**
 * The SDK's own clients (serialization, signature, retries, middleware), whose requests are answered in memory where they would
 * go out to the network.
 */
export const sdkClients = (tables: TableItems, heard: Heard): OpenClient => {
  const handle = async ({ headers, body = '' }: HttpRequest) => {
    const target = headers['x-amz-target'] ?? '';
    const operation = target.split('.').at(-1) ?? '';
    const request = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    let answer: object;
    if (target.startsWith('DynamoDB')) {
      const attributes = Object.fromEntries(
        encodedFields.flatMap((field) => (request[field] ? [[field, revived(request[field])]] : [])),
      );
      answer = tables.answer(operation, { ...request, ...attributes });
    } else {
      heard(operation, request);
      answer = taken(request);
    }
    const text = Buffer.from(JSON.stringify(answer, written));
    return {
      response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: text },
    };
  };
  const settings = {
    region: 'local',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: {
      handle,
      metadata: { handlerProtocol: 'http/1.1' },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
    streamCollector: async (stream: Uint8Array) => stream,
  };
  return (Service, _, more) => {
    const client = new Service({ ...settings, ...more } as never);
    withoutUnused(client as never);
    return client;
  };
};
