import { buildSchema, type GraphQLField, getNamedType, isLeafType } from 'graphql';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { isAtLeast, type Role } from '../../domain/kernel/role.ts';
import { documentedSchema } from '../../graphql/deployed-schema.ts';
import { neutralCommands } from '../../ocpp/neutral-commands/index.ts';
import { exampleArguments } from '../support/example-arguments.ts';
import { signedHeaders } from '../support/signed-headers.ts';
import type { RunningStack } from './running-stack.ts';

/** The least role each mutation takes. */
const leastRoles: Readonly<Record<string, Role>> = {
  acknowledgeAlert: 'operator',
  clearAlert: 'operator',
  setSiteThresholds: 'administrator',
  sendCommand: 'operator',
  setLimit: 'operator',
  clearLimit: 'operator',
  configureSite: 'administrator',
  submitSiteDemand: 'operator',
  submitSiteLimit: 'operator',
  submitPrices: 'operator',
  setBid: 'operator',
  setDeparture: 'operator',
  setPriority: 'operator',
  optOut: 'operator',
  submitDemandResponse: 'operator',
  cancelDemandResponse: 'operator',
  setParticipation: 'operator',
  ...Object.fromEntries(neutralCommands.map(({ name, role }) => [name, role])),
};

const schema = buildSchema(`scalar AWSDateTime scalar AWSJSON ${documentedSchema()}`);
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

type AnyField = GraphQLField<unknown, unknown>;

/** An operation for one field, its arguments as variables. */
const operation = (root: 'query' | 'mutation', { name, args, type }: AnyField): Operation => {
  const variables = exampleArguments(args);
  const given = args.filter((arg) => arg.name in variables);
  const declared = given.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const [head, call] = given.length === 0 ? ['', ''] : [`(${declared})`, `(${passed})`];
  return {
    query: `${root}${head} { ${name}${call} ${isLeafType(getNamedType(type)) ? '' : '{ __typename }'} }`,
    variables,
  };
};

type Operation = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
type Outcome = 'refused' | 'Unauthorized' | 'allowed';

/** Every field of the API, asked for by every kind of caller. */
export const callersSuite = (stack: () => RunningStack): void => {
  const outcomeOf = async (asked: Operation, headers: Readonly<Record<string, string>>): Promise<Outcome> => {
    const response = await fetch(stack().endpoints.graphql, {
      method: 'POST',
      headers,
      body: JSON.stringify(asked),
    });
    if (response.status === 401) return 'refused';
    const { errors = [] } = Object(await response.json());
    const types: unknown[] = errors.map((error: unknown) => Object(error).errorType);
    if (types.includes('ValidationError')) throw new Error(`${asked.query}: ${JSON.stringify(errors)}`);
    return types.includes('Unauthorized') ? 'Unauthorized' : 'allowed';
  };
  const bearing = async (role: Role) => ({ authorization: await stack().token(role) });

  /** A token of the local issuer with other claims, or signed by somebody else. */
  const forged = async (claims: object, headerOf?: object): Promise<string> => {
    const token = await stack().token('administrator');
    const [header = '', payload = '', signature] = token.split('.');
    const changed = (part: string, over: object): string =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(part, 'base64url').toString()), ...over })).toString(
        'base64url',
      );
    return [headerOf ? changed(header, headerOf) : header, changed(payload, claims), signature].join('.');
  };
  const selfSigned = (claims: object): Promise<string> =>
    new SignJWT({ role: 'administrator', ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: 'local' })
      .setIssuer('https://tokens.wattstream.test')
      .setAudience('wattstream-local')
      .setSubject('mallory')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(Buffer.from('a secret of thirty-two characters'));

  /** Callers who prove nothing: the API answers none of their requests. */
  const strangers: Readonly<Record<string, (body: string) => Promise<Readonly<Record<string, string>>>>> = {
    nobody: async () => ({}),
    'a wrong API key': async () => ({ 'x-api-key': 'guessed' }),
    'a token that is none': async () => ({ authorization: 'Bearer guessed' }),
    'a token with another subject than was signed': async () => ({ authorization: await forged({ sub: 'root' }) }),
    'a token of another issuer': async () => ({ authorization: await forged({ iss: 'https://evil.example' }) }),
    'an expired token': async () => {
      const token = await stack().token('administrator', 1);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return { authorization: token };
    },
    'an unsigned token': async () => ({ authorization: (await forged({}, { alg: 'none' })).replace(/\.[^.]*$/, '.') }),
    'a token signed with a secret of their own': async () => ({ authorization: await selfSigned({}) }),
    'a signature that is none': async () => ({ authorization: 'AWS4-HMAC-SHA256 signed' }),
    'a signature with another secret': (body) =>
      signedHeaders(stack().endpoints.graphql, body, { secretAccessKey: 'guessed' }),
    'a signature for another body': () => signedHeaders(stack().endpoints.graphql, '{}'),
    'a signature of yesterday': (body) =>
      signedHeaders(stack().endpoints.graphql, body, { signingDate: new Date(Date.now() - 86_400_000) }),
    'a signature for another service': (body) =>
      signedHeaders(stack().endpoints.graphql, body, { service: 'execute-api' }),
  };

  describe('who may', () => {
    it('lists every mutation', () => {
      expect(Object.keys(leastRoles).sort()).toEqual(mutations.map(({ name }) => name).sort());
    });

    it.each(Object.entries(strangers))('answers nothing to %s', async (_name, headersOf) => {
      const all = [
        ...queries.map((field) => operation('query', field)),
        ...mutations.map((field) => operation('mutation', field)),
      ];
      const outcomes = await Promise.all(
        all.map(async (asked) => outcomeOf(asked, await headersOf(JSON.stringify(asked)))),
      );
      expect(outcomes).toEqual(all.map(() => 'refused'));
    });

    it.each(queries.map((field) => [field.name, operation('query', field)]))(
      'lets everybody read %s',
      async (_name, asked) => {
        const all = [
          { 'x-api-key': stack().endpoints.apiKey },
          await bearing('viewer'),
          await bearing('operator'),
          await bearing('administrator'),
          { authorization: `Bearer ${await stack().token('viewer')}` },
          await signedHeaders(stack().endpoints.graphql, JSON.stringify(asked)),
        ];
        expect(await Promise.all(all.map((headers) => outcomeOf(asked, headers)))).toEqual(all.map(() => 'allowed'));
      },
    );

    it.each(mutations.map((field) => [field.name, operation('mutation', field)]))(
      'lets those call %s whose role includes it',
      async (name, asked) => {
        const least = leastRoles[name] ?? 'administrator';
        const held = ['viewer', 'operator', 'administrator'] as const;
        const outcomes = await Promise.all([
          outcomeOf(asked, { 'x-api-key': stack().endpoints.apiKey }),
          ...held.map(async (role) => outcomeOf(asked, await bearing(role))),
          outcomeOf(asked, await signedHeaders(stack().endpoints.graphql, JSON.stringify(asked))),
        ]);
        expect(outcomes).toEqual([
          'Unauthorized',
          ...held.map((role) => (isAtLeast(role, least) ? 'allowed' : 'Unauthorized')),
          'allowed',
        ]);
      },
    );
  });
};
