import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { callPolicies } from '../../../aws/call-policy.ts';
import { documentClient } from '../../../aws/dynamodb/document-client.ts';
import { openClient } from '../../../aws/open-client.ts';

type Sent = { readonly operation: string; readonly body: Readonly<Record<string, unknown>> };
type Answer = { readonly status?: number; readonly body: object };

/** The client, answered in memory where its requests would go out. */
const client = (answer: (sent: Sent) => Answer) => {
  const headers = new Set<string>();
  const requestHandler = {
    handle: async (request: { readonly headers: Record<string, string>; readonly body: string | Uint8Array }) => {
      for (const name in request.headers) headers.add(name.toLowerCase());
      const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      const { status = 200, body } = answer({ operation, body: JSON.parse(Buffer.from(request.body).toString()) });
      const response = { statusCode: status, headers: { 'content-type': 'application/x-amz-json-1.0' } };
      return { response: { ...response, body: Buffer.from(JSON.stringify(body)) } };
    },
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { region: 'eu-west-1', credentials, requestHandler, streamCollector: async (body: unknown) => body };
  const documents = documentClient(callPolicies.message, (Service, policy) => openClient(Service, policy, settings));
  return { documents, headers };
};

const stored = (id: string) => ({ id: { S: id }, at: { N: '5' }, packed: { B: Buffer.from(id).toString('base64') } });
const plain = (id: string) => ({ id, at: 5, packed: new Uint8Array(Buffer.from(id)) });

describe('the document client', () => {
  it('sends each of many commands of one kind with its own items, and answers it with its own', async () => {
    const { documents } = client(({ body }) => ({ body: { Item: stored((body.Key as { id: { S: string } }).id.S) } }));
    const ids = ['a', 'b', 'c'];
    const found = await Promise.all(
      ids.map((id) => documents.send(new GetCommand({ TableName: 'things', Key: { id } }))),
    );
    expect(found.map(({ Item }) => Item)).toEqual(ids.map(plain));
  });

  it('leaves out what is absent, and says the rest of a request as it was said', async () => {
    const sent: Sent[] = [];
    const { documents } = client((one) => {
      sent.push(one);
      return { body: {} };
    });
    const condition = { ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': 1 } };
    const put = { TableName: 'things', Item: { ...plain('a'), gone: undefined }, ...condition };
    await documents.send(new PutCommand(put));
    await documents.send(new TransactWriteCommand({ TransactItems: [{ Put: put }], ClientRequestToken: 'once' }));
    const written = {
      TableName: 'things',
      Item: stored('a'),
      ConditionExpression: 'rev = :rev',
      ExpressionAttributeValues: { ':rev': { N: '1' } },
    };
    expect(sent).toEqual([
      { operation: 'PutItem', body: written },
      { operation: 'TransactWriteItems', body: { TransactItems: [{ Put: written }], ClientRequestToken: 'once' } },
    ]);
  });

  it('reads page after page, and batches', async () => {
    const { documents } = client(({ operation, body }) => {
      if (operation === 'BatchGetItem') return { body: { Responses: { things: [stored('a')] } } };
      const from = body.ExclusiveStartKey as { id: { S: string } } | undefined;
      const page = from === undefined ? { LastEvaluatedKey: { id: { S: 'a' } } } : {};
      return { body: { Items: [stored(from === undefined ? 'a' : `after ${from.id.S}`)], ...page } };
    });
    const items: unknown[] = [];
    for await (const { Items = [] } of paginateQuery({ client: documents }, { TableName: 'things' }))
      items.push(...Items);
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { things: { Keys: [{ id: 'a' }] } } }),
    );
    expect([items, Responses]).toEqual([[plain('a'), plain('after a')], { things: [plain('a')] }]);
  });

  it('tries again what is throttled, and throws what is refused', async () => {
    let asked = 0;
    const { documents } = client(() => {
      asked += 1;
      return asked === 1
        ? {
            status: 400,
            body: { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'slow down' },
          }
        : { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' } };
    });
    const put = documents.send(new PutCommand({ TableName: 'things', Item: { id: 'a' } }));
    await expect(put).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    expect(asked).toBe(2);
  });

  it('says of itself no more than it is asked for: nothing of platform and SDK in a header', async () => {
    const { documents, headers } = client(() => ({ body: {} }));
    await documents.send(new GetCommand({ TableName: 'things', Key: { id: 'a' } }));
    expect([...headers].filter((name) => name.includes('user-agent'))).toEqual([]);
  });
});
