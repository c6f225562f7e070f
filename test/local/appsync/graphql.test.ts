import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSourceError } from '../../../local/appsync/data-source-error.ts';
import { graphql } from '../../../local/appsync/graphql.ts';
import { runOnTable } from '../../../local/appsync/run-on-table.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { localSystem } from '../../../local/local-system.ts';

const js = { Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0' } as const;
const utils = "import { util, runtime } from '@aws-appsync/utils';";
const respond =
  'export const response = (ctx) => { if (ctx.error) util.error(ctx.error.message, ctx.error.type); return ctx.result; };';
const code = {
  item: `${utils} export const request = (ctx) => ({ operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }) }); ${respond}`,
  double: `export const request = (ctx) => ({ payload: ctx.prev.result * 2 }); export const response = (ctx) => { ctx.stash.seen = true; return ctx.result; };`,
  early: `${utils} export const request = (ctx) => { if (ctx.prev.result > 3) runtime.earlyReturn(99); return { payload: ctx.prev.result }; }; export const response = (ctx) => ctx.result + 1;`,
  pipeline: `export const request = (ctx) => ctx.args.start; export const response = (ctx) => ctx.stash.seen ? ctx.prev.result : -1;`,
  lambda: `${utils} export const request = (ctx) => ({ operation: 'Invoke', payload: ctx.args }); ${respond}`,
  error: `${utils} export const request = () => util.error('limit must be 1 to 100', 'BadRequest', null, { limit: 0 }); export const response = () => null;`,
  appended: `${utils} export const request = () => ({ payload: 'kept' }); export const response = (ctx) => { util.appendError('and a warning', 'Partial'); return ctx.result; };`,
  unknown: `${utils} export const request = () => ({ payload: util.rds.toJsonObject() }); export const response = () => null;`,
};
const source = (Name: string, more: object) => ({ ApiId: 'a', Name, ...more });
const unit = (FieldName: string, DataSourceName: string, Code: string) =>
  ({ ApiId: 'a', TypeName: 'Query', FieldName, Kind: 'UNIT', DataSourceName, Runtime: js, Code }) as const;
const step = (Code: string) => ({ ApiId: 'a', Name: 'step', DataSourceName: 'none', Runtime: js, Code });

const { server } = graphql(
  {
    api: {
      Name: 'demo',
      AuthenticationType: 'API_KEY',
      AdditionalAuthenticationProviders: [],
      EnvironmentVariables: {},
      QueryDepthLimit: 3,
      ResolverCountLimit: 4,
    },
    schema: `schema { query: Query } enum Colour { red green } type Item { id: ID! n: Int at: AWSDateTime next: Item }
      type Query { item(id: ID!): Item pipe(start: Int!): Int call(a: Int): Int error: Int appended: String unknown: Int secret: Int @aws_iam since(at: AWSDateTime!, colour: Colour): String }`,
    apiKeys: ['key'],
    iamUsers: [],
    region: 'eu-west-1',
    dataSources: [
      source('table', { Type: 'AMAZON_DYNAMODB', DynamoDBConfig: { TableName: 'items' } }),
      source('lambda', { Type: 'AWS_LAMBDA', LambdaConfig: { LambdaFunctionArn: 'fn' } }),
      source('none', { Type: 'NONE' }),
    ].map((one) => ({ Type: 'NONE' as const, ...one })),
    functions: new Map([
      ['double', step(code.double)],
      ['early', step(code.early)],
    ]),
    resolvers: [
      unit('item', 'table', code.item),
      unit('call', 'lambda', code.lambda),
      unit('error', 'none', code.error),
      unit('appended', 'none', code.appended),
      unit('unknown', 'none', code.unknown),
      {
        ApiId: 'a',
        TypeName: 'Query',
        FieldName: 'pipe',
        Kind: 'PIPELINE',
        PipelineConfig: { Functions: ['double', 'early'] },
        Runtime: js,
        Code: code.pipeline,
      },
    ],
  },
  {
    onTable: async (table, request) => {
      const { key } = request as { key: { id: { S: string } } };
      if (key.id.S === 'busy') throw new DataSourceError('slow down', 'DynamoDB:ThrottlingException');
      return {
        id: key.id.S,
        n: 7,
        at: '2026-01-01T00:00:00Z',
        next: { id: 'next', next: { id: 'far' } },
        table,
        hidden: true,
      };
    },
    invoke: async (_arn, event) => {
      const { a } = event as { a: number };
      if (a < 0) throw new Error('negative');
      return a + 1;
    },
    mutated: () => undefined,
    leadsTo: (address) => address,
    system: localSystem,
  },
);
let url = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server, 0, '--graphql-port')}/graphql`;
});
afterAll(() => close(server));

const ask = async (query: string, headers: Record<string, string> = { 'x-api-key': 'key' }) => {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const body = (await response.json()) as { data?: unknown; errors?: { message: string; errorType: string | null }[] };
  return { status: response.status, body };
};
const error = (message: unknown, errorType: string | null) => expect.objectContaining({ message, errorType });

describe('GraphQL', () => {
  it('answers from a table, in the shape of the schema', async () => {
    expect((await ask('{ item(id: "a") { id n at } }')).body).toEqual({
      data: { item: { id: 'a', n: 7, at: '2026-01-01T00:00:00Z' } },
    });
  });

  it('runs the operation that is named, where a document holds several', async () => {
    const query = 'query One { pipe(start: 1) } query Two { pipe(start: 2) }';
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': 'key' },
      body: JSON.stringify({ query, operationName: 'Two' }),
    });
    expect(await response.json()).toEqual({ data: { pipe: 99 } });
  });

  it('reports what a resolver appends under its own field, whatever else is under way', async () => {
    const { body } = await ask('{ a: appended b: call(a: 1) c: appended }');
    expect(body.data).toEqual({ a: 'kept', b: 2, c: 'kept' });
    expect(body.errors?.map((one) => Object(one).path)).toEqual([['a'], ['c']]);
  });

  it('passes results and the stash along a pipeline', async () => {
    expect((await ask('{ pipe(start: 1) }')).body).toEqual({ data: { pipe: 3 } });
  });

  it('lets a function return early and goes on behind it', async () => {
    expect((await ask('{ pipe(start: 2) }')).body).toEqual({ data: { pipe: 99 } });
  });

  it('calls a Lambda with the payload', async () => {
    expect((await ask('{ call(a: 4) }')).body).toEqual({ data: { call: 5 } });
  });

  it.each<[string, unknown, string | null]>([
    ['{ item(id: "busy") { id } }', 'slow down', 'DynamoDB:ThrottlingException'],
    ['{ call(a: -1) }', 'negative', 'Lambda:Unhandled'],
    ['{ error }', 'limit must be 1 to 100', 'BadRequest'],
    ['{ secret }', 'Not Authorized to access secret on type Query', 'Unauthorized'],
    ['{ nothing }', 'Cannot query field "nothing" on type "Query".', 'ValidationError'],
    ['{', 'Syntax Error: Expected Name, found <EOF>.', 'MalformedHttpRequestException'],
    [
      '{ since(at: "yesterday") }',
      expect.stringContaining('"yesterday" is not a valid AWSDateTime'),
      'ValidationError',
    ],
    ['{ since(at: "2026-11-20T10:00:00") }', expect.stringContaining('is not a valid AWSDateTime'), 'ValidationError'],
    ['{ since(at: "2026-11-20T10:00:00Z", colour: blue) }', expect.stringContaining('Colour'), 'ValidationError'],
  ])('%s fails with %s', async (query, message, errorType) => {
    expect((await ask(query)).body.errors).toEqual([error(message, errorType)]);
  });

  it.each([
    ['a scalar', { at: 'yesterday' }],
    ['an enum', { at: '2026-11-20T10:00:00+01:00', colour: 'blue' }],
    ['a type', { at: 5 }],
    ['a required one', {}],
  ])('refuses variables that do not fit the schema by %s, before anything runs', async (_what, variables) => {
    const query = 'query Q($at: AWSDateTime!, $colour: Colour) { since(at: $at, colour: $colour) }';
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': 'key' },
      body: JSON.stringify({ query, variables }),
    });
    expect(await response.json()).toEqual({ data: null, errors: [error(expect.any(String), 'ValidationError')] });
  });

  it('leaves out what lies deeper than the API allows, and what needs one resolver too many', async () => {
    const deep = await ask('{ item(id: "a") { next { id } id } }');
    const deeper = await ask('{ item(id: "a") { next { next { id } } } }');
    const wide = await ask(
      '{ a: pipe(start: 3) b: pipe(start: 3) c: pipe(start: 3) d: pipe(start: 3) e: pipe(start: 3) }',
    );
    expect([deep.body, deeper.body, wide.body]).toEqual([
      { data: { item: { next: { id: 'next' }, id: 'a' } } },
      { data: { item: { next: { next: null } } }, errors: [error(expect.any(String), 'QueryDepthLimitReached')] },
      {
        data: { a: 99, b: 99, c: 99, d: 99, e: null },
        errors: [error(expect.any(String), 'ResolverExecutionLimitReached')],
      },
    ]);
  });

  it('gives data beside an appended error', async () => {
    expect((await ask('{ appended }')).body).toEqual({
      data: { appended: 'kept' },
      errors: [error('and a warning', 'Partial')],
    });
  });

  it('names a utility that is not emulated', async () => {
    expect((await ask('{ unknown }')).body.errors?.[0]?.message).toContain('util.rds is not emulated');
  });

  it('refuses a call without a valid key', async () => {
    const calls = await Promise.all([ask('{ appended }', {}), ask('{ appended }', { 'x-api-key': 'wrong' })]);
    expect(calls.map(({ status }) => status)).toEqual([401, 401]);
  });
});

describe('requests on a table', () => {
  it('become DynamoDB calls, and pages carry a token that leads to the next', async () => {
    const calls: [string, object][] = [];
    const call = async (target: string, input: object) => {
      calls.push([target, input]);
      return {
        Items: [{ id: { S: 'a' }, n: { N: '1.5' }, tags: { SS: ['x'] } }],
        ScannedCount: 1,
        LastEvaluatedKey: { id: { S: 'a' } },
      };
    };
    const query = { expression: 'siteId = :s', expressionValues: { ':s': { S: 's1' } } };
    const request = { operation: 'Query', index: 'bySite', query, limit: 1 };
    const first = await runOnTable(call, 'items', request);
    const { nextToken } = first as { nextToken: string };
    await runOnTable(call, 'items', { ...request, nextToken });
    expect(first).toEqual({
      items: [{ id: 'a', n: 1.5, tags: ['x'] }],
      nextToken: expect.any(String),
      scannedCount: 1,
    });
    expect(calls[1]).toEqual([
      'DynamoDB_20120810.Query',
      expect.objectContaining({
        TableName: 'items',
        IndexName: 'bySite',
        Limit: 1,
        ExclusiveStartKey: { id: { S: 'a' } },
      }),
    ]);
  });

  it('give batches in the order of the keys, null where there is no item', async () => {
    const call = async () => ({ Responses: { items: [{ id: { S: 'b' } }, { id: { S: 'a' } }] } });
    const keys = ['a', 'x', 'b'].map((id) => ({ id: { S: id } }));
    expect(await runOnTable(call, 'items', { operation: 'BatchGetItem', tables: { items: { keys } } })).toEqual({
      data: { items: [{ id: 'a' }, null, { id: 'b' }] },
      unprocessedKeys: { items: [] },
    });
  });

  it.each([
    [{ operation: 'GetItem', key: {}, sparkle: true }, /Not emulated/],
    [{ operation: 'TransactWriteItems' }, /Not emulated/],
    [{ operation: 'Scan', nextToken: 'garbage' }, /Invalid pagination token/],
  ])('%j is an error that says why', async (request, message) => {
    await expect(runOnTable(async () => ({}), 'items', request)).rejects.toThrow(message);
  });
});
