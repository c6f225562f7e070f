import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { connectorItem } from '../../aws/dynamodb/connector-item.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { electricsOf } from '../../domain/registry/electrics.ts';
import { documentedSchema } from '../../graphql/deployed-schema.ts';
import { resolvers } from '../../graphql/resolvers.ts';
import { resolverCode } from '../../local/appsync/resolver-code.ts';
import { localSystem } from '../../local/local-system.ts';
import { registration } from '../fakes/registration.ts';

const folder = join(import.meta.dirname, '../../graphql');
const at = Date.parse('2026-11-20T10:00:00Z');

type Answers = readonly unknown[];

/** Runs a field's steps as AppSync does; `answers` are what its data sources say, in order. Gives the result and the requests. */
const run = (
  path: string,
  args: object,
  answers: Answers,
  source: unknown = null,
  failure?: { readonly message: string; readonly type: string },
) => {
  const resolver = resolvers.find(({ type, field }) => `${type}.${field}` === path);
  if (resolver === undefined) throw new Error(`${path} is not in the manifest`);
  const said = [...answers];
  const requests: unknown[] = [];
  const prev: { result: unknown } = { result: null };
  for (const { dataSource, code } of resolver.steps) {
    const file = resolverCode(code, readFileSync(join(folder, code), 'utf8'), () => {}, {
      ...localSystem,
      clock: () => at,
    });
    const env = { STATIONS_TABLE: 'stations-1', CONNECTORS_TABLE: 'connectors-1' };
    const info = { fieldName: resolver.field, parentTypeName: resolver.type };
    const more = { identity: null, request: { headers: {}, domainName: null } as const, info, stash: {} };
    const context = {
      args,
      arguments: args,
      source,
      env,
      prev: { ...prev },
      ...more,
      ...(failure && { error: failure }),
    };
    const request = file.request(context);
    if (request.early) {
      prev.result = request.value;
      continue;
    }
    if (dataSource !== 'none') requests.push(request.value);
    const result = dataSource === 'none' ? request.value : said.shift();
    prev.result = file.response({ ...context, result }).value;
  }
  return { result: prev.result, requests };
};

const connector = (over: Partial<Connector> = {}): Connector => ({
  stationId: 'CP01',
  evseId: 1,
  connectorId: 1,
  place: {
    siteId: 'S1',
    zoneId: 'Z1',
    region: 'R1',
    timeZone: 'Europe/London',
    connectorType: 'CCS',
    ratedW: 50_000,
  },
  status: 'charging',
  statusAt: at,
  recent: [],
  lastSeenAt: at + 1_000,
  guard: '01#1',
  rev: 3,
  outbox: [],
  ...over,
});
const session = {
  sessionId: 'CP01-77',
  transactionId: '77',
  tag: 'T1',
  startedAt: at - 60_000,
  energyWh: 1_250.5,
  powerW: 42_000,
  socPercent: 61,
  sampledAt: at,
  chargingState: 'charging',
  curve: [],
  flags: ['clockCorrected'],
} as const;

// What DynamoDB hands to AppSync is JSON.
const stored = (item: Connector) => JSON.parse(JSON.stringify(connectorItem(item)));

const shownPlace = {
  stationId: 'CP01',
  evseId: 1,
  connectorId: 1,
  siteId: 'S1',
  zoneId: 'Z1',
  region: 'R1',
  timeZone: 'Europe/London',
  connectorType: 'CCS',
  ratedW: 50_000,
};
const shownSession = {
  id: 'CP01-77',
  sessionId: 'CP01-77',
  transactionId: '77',
  ...shownPlace,
  status: 'active',
  tag: 'T1',
  startedAt: '2026-11-20T09:59:00.000Z',
  energyWh: 1_250.5,
  powerW: 42_000,
  socPercent: 61,
  sampledAt: '2026-11-20T10:00:00.000Z',
  chargingState: 'charging',
  flags: ['clockCorrected'],
};
const shownConnector = {
  id: 'CP01#1#1',
  ...shownPlace,
  status: 'charging',
  statusAt: '2026-11-20T10:00:00.000Z',
  offlineAt: null,
  limitW: null,
  limit: null,
  lastSeenAt: '2026-11-20T10:00:01.000Z',
  pendingAvailability: null,
  session: null,
};

describe('connector', () => {
  const args = { stationId: 'CP01', evseId: 2, connectorId: 1 };

  it.each(['', 'x'.repeat(49)])('is null without a question to DynamoDB where %j can be no station', (stationId) => {
    const nothing = { result: null, requests: [] };
    expect(run('Query.station', { stationId }, [])).toEqual(nothing);
    expect(run('Query.connector', { stationId, evseId: 1, connectorId: 1 }, [])).toEqual(nothing);
  });

  it('reads one item by its key', () => {
    expect(run('Query.connector', args, [null])).toEqual({
      result: null,
      requests: [{ operation: 'GetItem', key: { stationId: { S: 'CP01' }, connectorKey: { S: '2#1' } } }],
    });
  });

  it('shows the live state with its session, instants in ISO 8601', () => {
    const report = {
      status: 'charging',
      vendorStatus: 'Charging',
      at,
      receivedAt: at,
      errorCode: 'OtherError',
      info: 'fan',
    } as const;
    const item = stored(
      connector({
        session,
        report,
        status: 'offline',
        statusAt: at,
        limits: [
          { fromAt: at - 60_000, limitW: 11_000, purpose: 'tx', commandId: 'abc' },
          { fromAt: at + 60_000, isUnlimited: true },
        ],
        temperatureC: 31,
      }),
    );
    expect(run('Query.connector', args, [item]).result).toEqual({
      ...shownConnector,
      status: 'offline',
      offlineAt: '2026-11-20T10:00:00.000Z',
      vendorStatus: 'Charging',
      errorCode: 'OtherError',
      info: 'fan',
      limitW: 11_000,
      limit: {
        isKnown: true,
        limitW: 11_000,
        purpose: 'tx',
        commandId: 'CP01/abc',
        until: '2026-11-20T10:01:00.000Z',
      },
      temperatureC: 31,
      session: shownSession,
    });
  });

  const limit = { limitW: 7_000, purpose: 'tx-default', commandId: 'c' } as const;
  it.each<[string, Connector['limits'], object]>([
    [
      'the last one that has begun',
      [
        { fromAt: at - 9, ...limit, limitW: 1 },
        { fromAt: at, ...limit },
      ],
      { limitW: 7_000 },
    ],
    [
      'with its purpose as the API names it',
      [{ fromAt: at, ...limit }],
      { limit: { purpose: 'txDefault', limitW: 7_000, isKnown: true } },
    ],
    [
      'none once it is over',
      [
        { fromAt: at - 9, ...limit },
        { fromAt: at, isUnlimited: true },
      ],
      { limit: null, limitW: null },
    ],
    [
      'unknown where nobody can tell',
      [{ fromAt: at - 9, isUnknown: true }],
      { limit: { isKnown: false, until: null, commandId: null } },
    ],
  ])('shows as its limit %s, with nothing written', (_, limits, shown) => {
    expect(run('Query.connector', args, [stored(connector({ ...(limits && { limits }) }))]).result).toMatchObject(
      shown,
    );
  });
});

describe('connectors', () => {
  const keys = { items: [1, 2, 3].map((n) => ({ stationId: 'CP01', connectorKey: `${n}#1` })), nextToken: 'next' };
  const item = (evseId: number) => stored(connector({ evseId }));

  it.each([
    [{ siteId: 'S1' }, 'bySite', 'siteId', 'S1'],
    [{ region: 'R1', siteId: null }, 'byRegion', 'region', 'R1'],
  ])('%j reads a page of keys from its index, then the items', (filter, index, field, value) => {
    const answer = { data: { 'connectors-1': [item(3), item(1), null] }, unprocessedKeys: {} };
    expect(run('Query.connectors', { filter, limit: 3, nextToken: 'here' }, [keys, answer])).toEqual({
      requests: [
        {
          operation: 'Query',
          index,
          query: {
            expression: '#field = :value',
            expressionNames: { '#field': field },
            expressionValues: { ':value': { S: value } },
          },
          limit: 3,
          nextToken: 'here',
        },
        {
          operation: 'BatchGetItem',
          tables: {
            'connectors-1': {
              keys: [1, 2, 3].map((n) => ({ stationId: { S: 'CP01' }, connectorKey: { S: `${n}#1` } })),
            },
          },
        },
      ],
      result: {
        items: [shownConnector, { ...shownConnector, id: 'CP01#3#1', evseId: 3 }],
        nextToken: 'next',
      },
    });
  });

  describe('with a status', () => {
    const faulted = { filter: { status: 'faulted' } };
    const keysOf = (...evseIds: number[]) => evseIds.map((n) => ({ stationId: 'CP01', connectorKey: `${n}#1` }));
    const answerOf = (...evseIds: number[]) => ({ data: { 'connectors-1': evseIds.map(item) }, unprocessedKeys: {} });
    const queried = (requests: readonly unknown[]) =>
      requests.flatMap((request) => {
        const { operation, index, query, limit, nextToken } = Object(request);
        return operation === 'Query' ? [[index, ...Object.values(query.expressionValues), limit, nextToken]] : [];
      });
    const part = (shard: number) => ({ S: `faulted#${shard}` });

    it('are read from part after part of the status until the page is full', () => {
      const pages = [
        { items: keysOf(1), nextToken: null },
        { items: [], nextToken: null },
        { items: keysOf(2, 3), nextToken: 'inside' },
      ];
      const { requests, result } = run('Query.connectors', { ...faulted, limit: 3 }, [...pages, answerOf(1, 2, 3)]);
      expect(queried(requests)).toEqual([
        ['byStatus', part(0), 3, null],
        ['byStatus', part(1), 2, null],
        ['byStatus', part(2), 2, null],
      ]);
      expect(result).toMatchObject({ items: [{ evseId: 1 }, { evseId: 2 }, { evseId: 3 }], nextToken: '2:inside' });
    });

    it('go on where the page before ended, and have no token after the last part', () => {
      const pages = [
        { items: keysOf(4), nextToken: null },
        { items: keysOf(5), nextToken: null },
      ];
      const args = { ...faulted, limit: 3, nextToken: '2:inside' };
      const { requests, result } = run('Query.connectors', args, [...pages, answerOf(4, 5)]);
      expect(queried(requests)).toEqual([
        ['byStatus', part(2), 3, 'inside'],
        ['byStatus', part(3), 2, null],
      ]);
      expect(result).toMatchObject({ items: [{ evseId: 4 }, { evseId: 5 }], nextToken: null });
    });

    it('begin with the next part where a page ended with the one before', () => {
      const first = run('Query.connectors', { ...faulted, limit: 1 }, [
        { items: keysOf(1), nextToken: null },
        answerOf(1),
      ]);
      expect(first.result).toMatchObject({ nextToken: '1:' });
      const none = { items: [], nextToken: null };
      const { requests } = run('Query.connectors', { ...faulted, nextToken: '1:' }, [none, none, none]);
      expect(queried(requests).map(([, shard]) => shard)).toEqual([part(1), part(2), part(3)]);
    });

    it.each(['nonsense', '7:', '1:a:b'])('refuse the token %s', (nextToken) => {
      expect(() => run('Query.connectors', { ...faulted, nextToken }, [])).toThrow('nextToken is not one of a list');
    });
  });

  it.each([
    [{ siteId: 'S1', region: 'R1' }, 'filter takes at most one of siteId, region and status'],
    [{ siteId: '', region: null }, 'siteId must not be empty'],
    [{ region: 'R'.repeat(257) }, 'region has at most 256 characters'],
  ])('refuses the filter %j', (filter, why) => {
    expect(() => run('Query.connectors', { filter }, [])).toThrow(why);
  });

  it.each([
    ['connectors', { filter: null }, 'bySite'],
    ['connectors', {}, 'bySite'],
    ['activeSessions', {}, 'activeBySite'],
    ['stations', { siteId: null }, 'bySite'],
  ])('%s(%j) are all of the network, read by an index of keys', (field, args, index) => {
    const page = { items: [], nextToken: null };
    expect(run(`Query.${field}`, { ...args, limit: 7, nextToken: 'here' }, [page]).requests).toEqual([
      { operation: 'Scan', index, limit: 7, nextToken: 'here' },
    ]);
  });

  it.each([
    ['connectors', { filter: { siteId: 'S1' } }],
    ['stations', { siteId: 'S1' }],
    ['activeSessions', { siteId: 'S1' }],
  ])('%s takes 50 unless told otherwise, and at most 100', (field, args) => {
    const page = { items: [], nextToken: null };
    const limit = (given: object) => run(`Query.${field}`, { ...args, ...given }, [page]).requests[0];
    expect([limit({}), limit({ limit: 100 })]).toMatchObject([{ limit: 50 }, { limit: 100 }]);
    expect(() => limit({ limit: 101 })).toThrow('limit must be 1 to 100, not 101');
    expect(() => limit({ limit: 0 })).toThrow('limit must be 1 to 100, not 0');
  });

  it.each([
    ['stations', { siteId: '' }, 'siteId, model and firmware must not be empty'],
    ['stations', { firmware: '' }, 'siteId, model and firmware must not be empty'],
    ['stations', { model: 'M', firmware: '' }, 'siteId, model and firmware must not be empty'],
    ['stations', { siteId: 'S1', model: 'M' }, 'Give siteId or model, not both'],
    ['stations', { firmware: '1.0' }, 'A firmware needs its model'],
    ['activeSessions', { siteId: '' }, 'siteId must not be empty'],
    ['stations', { model: 'M', firmware: 'F'.repeat(257) }, 'siteId, model and firmware have at most 256 characters'],
    ['activeSessions', { siteId: 'S'.repeat(257) }, 'siteId has at most 256 characters'],
  ])('%s(%j) are refused', (field, args, why) => {
    expect(() => run(`Query.${field}`, args, [])).toThrow(why);
  });

  it('names a page token of another list as the mistake of the caller, anything else as ours', () => {
    const typeOf = (message: string) => {
      try {
        run('Query.connectors', {}, [], null, { message, type: 'DynamoDB:Whatever' });
      } catch (error) {
        return Object(error).errorType;
      }
    };
    expect([
      typeOf('Invalid pagination token given.'),
      typeOf('The provided starting key is invalid'),
      typeOf('Throughput exceeded'),
    ]).toEqual(['InvalidRequest', 'InvalidRequest', 'Unavailable']);
  });

  it('asks for no items when the page is empty', () => {
    const page = { items: [], nextToken: null };
    const { result, requests } = run('Query.connectors', { filter: { siteId: 'S1' } }, [page]);
    expect([result, requests.length]).toEqual([{ items: [], nextToken: null }, 1]);
  });

  it('fails, and shows no part of a page, when DynamoDB leaves keys unprocessed', () => {
    const answer = { data: { 'connectors-1': [item(1)] }, unprocessedKeys: { 'connectors-1': [{}] } };
    expect(() => run('Query.connectors', { filter: { siteId: 'S1' } }, [keys, answer])).toThrow(
      'DynamoDB is busy, please ask again',
    );
  });
});

describe('activeSessions', () => {
  it('shows the running sessions of a site, without those that ended meanwhile', () => {
    const keys = { items: [1, 2].map((n) => ({ stationId: 'CP01', connectorKey: `${n}#1` })), nextToken: null };
    const items = [stored(connector({ session })), stored(connector({ evseId: 2 }))];
    const { result, requests } = run('Query.activeSessions', { siteId: 'S1' }, [
      keys,
      { data: { 'connectors-1': items } },
    ]);
    expect(result).toEqual({ items: [shownSession], nextToken: null });
    expect(requests[0]).toMatchObject({
      index: 'activeBySite',
      query: { expressionValues: { ':siteId': { S: 'S1' } } },
    });
  });
});

describe('station', () => {
  const place = (number: number) => ({ evseId: number, connectorId: number });
  const electrics = electricsOf({ connectorType: 'Type2', ratedW: 22_000 }, { phaseRotation: 'STR' });
  const item = {
    stationId: 'CP01',
    siteId: 'S1',
    region: 'R1',
    registration: registration({
      ...{ vendor: 'Registered', contractMaxW: 43_000, latitude: 51.5, longitude: -0.1 },
      connectors: [
        { ...place(1), connectorType: 'Type2', ratedW: 22_000, electrics: { ...electrics, feeder: 'north' } },
        { ...place(2), connectorType: 'CCS', ratedW: 50_000 },
      ],
    }),
    connectivity: { connectionId: 'a', ocpp: '2.0.1', transport: 'websocket', connectedAt: at },
    lastSeenAt: at + 1_000,
    state: {
      stationId: 'CP01',
      presence: { kind: 'online', since: at },
      vendor: 'Told',
      bootedAt: at,
      guard: 'g',
      rev: 1,
      outbox: [],
    },
  };
  const shown = {
    id: 'CP01',
    stationId: 'CP01',
    siteId: 'S1',
    zoneId: 'Z1',
    region: 'R1',
    timeZone: 'Europe/London',
    latitude: 51.5,
    longitude: -0.1,
    vendor: 'Told',
    contractMaxW: 43_000,
    registeredConnectors: [
      { evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW: 22_000, ...electrics, feeder: 'north' },
      { evseId: 2, connectorId: 2, connectorType: 'CCS', ratedW: 50_000 },
    ],
    admission: 'accepted',
    online: true,
    onlineAt: '2026-11-20T10:00:00.000Z',
    ocpp: '2.0.1',
    transport: 'websocket',
    connectedAt: '2026-11-20T10:00:00.000Z',
    disconnectedAt: null,
    lastSeenAt: '2026-11-20T10:00:01.000Z',
    bootedAt: '2026-11-20T10:00:00.000Z',
  };

  it('shows registration, connection and state, and never the credential', () => {
    expect(run('Query.station', { stationId: 'CP01' }, [item])).toEqual({
      result: shown,
      requests: [{ operation: 'GetItem', key: { stationId: { S: 'CP01' } } }],
    });
  });

  it('that never connected is offline', () => {
    const { result } = run('Query.station', { stationId: 'CP01' }, [{ registration: registration() }]);
    expect(result).toMatchObject({ online: false, onlineAt: null, lastSeenAt: null });
  });

  it.each([
    ['nobody knows', null],
    ['was removed from the registry', { ...item, registration: undefined }],
  ])('is null when it %s', (_why, found) => {
    expect(run('Query.station', { stationId: 'CP01' }, [found]).result).toBeNull();
  });

  it('comes in the order of the index when a site is listed', () => {
    const keys = { items: [{ stationId: 'CP00' }, { stationId: 'CP01' }], nextToken: 'next' };
    const other = { ...item, registration: registration({ stationId: 'CP00' }), stationId: 'CP00' };
    const { result } = run('Query.stations', { siteId: 'S1' }, [keys, { data: { 'stations-1': [item, other] } }]);
    expect(result).toMatchObject({ items: [{ stationId: 'CP00' }, { stationId: 'CP01' }], nextToken: 'next' });
  });

  it.each([
    [{ model: 'Fifty' }, 'model = :model', { ':model': { S: 'Fifty' } }],
    [
      { model: 'Fifty', firmware: '1.0' },
      'model = :model AND begins_with(modelPath, :firmware)',
      { ':model': { S: 'Fifty' }, ':firmware': { S: '1.0#' } },
    ],
  ])('is found by %j', (args, expression, expressionValues) => {
    const { requests } = run('Query.stations', args, [{ items: [], nextToken: null }]);
    expect(requests).toEqual([
      { operation: 'Query', index: 'byModel', query: { expression, expressionValues }, limit: 50 },
    ]);
  });

  it.each(['Connector', 'Session', 'Alert'])('is reached from %s', (type) => {
    const { requests } = run(`${type}.station`, {}, [item], { stationId: 'CP01' });
    expect(requests).toEqual([{ operation: 'GetItem', key: { stationId: { S: 'CP01' } } }]);
  });

  it('is null from an alert about a site, and its connector from one about a station', () => {
    expect([
      run('Alert.station', {}, [], { stationId: null }),
      run('Alert.connector', {}, [], { stationId: 'CP01', evseId: null }),
    ]).toEqual([
      { result: null, requests: [] },
      { result: null, requests: [] },
    ]);
  });

  it('is listed by its site', () => {
    const { requests } = run('Site.stations', { limit: 5 }, [{ items: [], nextToken: null }], { siteId: 'S1' });
    expect(requests).toMatchObject([
      { index: 'bySite', query: { expressionValues: { ':siteId': { S: 'S1' } } }, limit: 5 },
    ]);
  });

  it.each([
    ['Station.site', { field: 'site', arguments: { siteId: 'S1' } }],
    ['Site.statusCounts', { field: 'statusCounts', arguments: { filter: { siteId: 'S1' } } }],
  ])('and %s are asked of query-network', (path, payload) => {
    expect(run(path, {}, [{ data: 'answer' }], { siteId: 'S1' })).toEqual({
      result: 'answer',
      requests: [{ operation: 'Invoke', payload }],
    });
  });

  it('has its connectors', () => {
    const answer = { items: [stored(connector())], nextToken: null };
    expect(run('Station.connectors', {}, [answer], { stationId: 'CP01' })).toEqual({
      result: [shownConnector],
      requests: [
        {
          operation: 'Query',
          query: { expression: 'stationId = :stationId', expressionValues: { ':stationId': { S: 'CP01' } } },
          limit: 100,
        },
      ],
    });
  });
});

describe('what the presenting steps show', () => {
  const schema = buildSchema(`scalar AWSDateTime\nscalar AWSJSON\n${documentedSchema()}`, { assumeValid: true });
  const code = (name: string) => readFileSync(join(folder, `functions/${name}.js`), 'utf8');

  it.each([
    ['Station', 'present-stations', ['connectors', 'site']],
    ['Connector', 'present-connectors', ['station']],
    ['Alert', 'present-alerts', ['station', 'connector']],
  ])('covers every field of %s', (name, file, elsewhere) => {
    const type = schema.getType(name);
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    const missing = fields.filter((field) => !new RegExp(`\\b${field}\\b[^.]`).test(code(file)));
    expect([fields.length > 0, missing]).toEqual([true, elsewhere]);
  });
});
