import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { aggregateStore } from '../../../aws/dynamodb/aggregate-store.ts';
import { connectorFromItem, connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { stateAttribute, stationFromItem } from '../../../aws/dynamodb/station-item.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { ChargingProfile } from '../../../domain/kernel/charging-profile.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import type { Electrics } from '../../../domain/registry/electrics.ts';
import { blankStation, type StationState } from '../../../domain/station/station-state.ts';
import type { AggregateStore } from '../../../use-cases/ports/aggregate-store.ts';
import { fakeSceneStore } from '../../fakes/aggregate-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';
import { sample, started, status, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { noon, registration } from '../../support/station-days.ts';

const samples = Array.from({ length: 60 }, (_, index) =>
  sample(index + 1, {
    energyWh: 1000 + index * 350,
    powerW: 21_000 + index,
    currentA: 31.2,
    voltageV: 231.5,
    socPercent: index,
  }),
);
const charging = given(status(0, 'charging'), started(0, { tag: '04A2B3C4D5' }), ...samples);

const midSession = (stationId: string): Connector => {
  const connector = charging.connector(1);
  if (connector === undefined) throw new Error('No connector');
  const outbox = charging.changes.slice(-2);
  return { ...connector, stationId, outbox };
};

describe('a connector item', () => {
  it('comes back as it was stored', () => {
    expect(connectorFromItem(connectorItem(midSession('S1')))).toEqual(midSession('S1'));
  });

  it('costs one write unit an hour into a session', () => {
    expect(
      sizeOf(marshall(connectorItem(midSession('CP-000123')), { removeUndefinedValues: true })),
    ).toBeLessThanOrEqual(1024);
  });

  it('costs one also where the power varies, whatever its curve then needs', () => {
    let energyWh = 1000;
    const varying = Array.from({ length: 60 }, (_, index) => {
      const powerW = 50_000 + 2500 * Math.sin(index * index);
      energyWh += powerW / 60;
      return sample(index + 1, { energyWh: Math.floor(energyWh), powerW, currentA: 31.2, voltageV: 231.5 });
    });
    const dc = given(status(0, 'charging'), started(0, { tag: '04A2B3C4D5' }), ...varying);
    const connector = dc.connector(1);
    if (connector === undefined) throw new Error('No connector');
    const item = { ...connector, outbox: dc.changes.slice(-2) };
    expect(connectorFromItem(connectorItem(item))).toEqual(item);
    expect(item.session?.curve.length).toBeGreaterThan(40);
    expect(sizeOf(marshall(connectorItem(item), { removeUndefinedValues: true }))).toBeLessThanOrEqual(1024);
  });

  it('costs one also after a busy morning, and remembers of ended sessions only what repeats need', () => {
    const morning = [0, 1, 2, 3, 4].flatMap((number) => {
      const from = number * 100 - 600;
      const transactionId = `12345678${number}`;
      return [
        started(from, { transactionId, tag: '04A2B3C4D5', meterStartWh: 1000 }),
        ...[15, 30, 45].map((minute) => sample(from + minute, { energyWh: 1000 + minute * 300 }, { transactionId })),
        stopped(from + 60, { transactionId, meterStopWh: 19_000 }),
      ];
    });
    const busy = given(...morning, status(0, 'charging'), started(0, { tag: '04A2B3C4D5' }), ...samples);
    const item = busy.connector(1);
    expect(item?.recent.map((recent) => Object.keys(recent).toSorted())).toEqual(
      Array.from({ length: 4 }, () => ['endedAt', 'meterStopWh', 'phase', 'sessionId', 'startedAt', 'transactionId']),
    );
    const stored =
      item && marshall(connectorItem({ ...item, outbox: busy.changes.slice(-2) }), { removeUndefinedValues: true });
    expect(sizeOf(stored ?? {})).toBeLessThanOrEqual(1024);
  });
});

const electrics: Electrics = { current: 'AC', voltageV: 230, minimumA: 6, phases: 3, phaseRotation: 'RST' };
const limited = (item: Connector): Connector => {
  const guard = guardOf('01', '49590338271490256608559692538361571095921575989136588898');
  const profile: ChargingProfile = {
    purpose: 'tx-default',
    evseId: 1,
    stackLevel: 0,
    profileId: 2_010_000_001,
    schedule: { kind: 'relative', periods: [{ startSec: 0, limitW: 7400 }] },
  };
  const commandId = '0mvzn21ew-cep0kcb8vm1dkas9';
  return {
    ...item,
    guard,
    place: { ...item.place, electrics, vendor: 'Vendor', model: 'Model 22', firmware: '1.4.2' },
    profiles: [{ type: 'set', profile, commandId, sentAt: noon }],
    limits: [{ limitW: 7400, fromAt: noon, purpose: 'tx-default', commandId }],
  };
};

describe('an item under control', () => {
  it('of a connector costs one write unit a session long, with its profile, its electrics and a guard of 56 digits', () => {
    const item = limited(midSession('CP-000123'));
    expect(connectorFromItem(connectorItem(item))).toEqual(item);
    expect(sizeOf(marshall(connectorItem(item), { removeUndefinedValues: true }))).toBeLessThanOrEqual(1024);
  });

  it('of a station with two connectors costs one, with the end of a command in it', () => {
    const stationId = 'CP-000123';
    const { stationId: _, ...registered } = registration(stationId);
    const connectors = registered.connectors.map((connector) => ({ ...connector, electrics }));
    const payload =
      '{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":7400}]}}}';
    const state: StationState = {
      ...blankStation(stationId),
      presence: { kind: 'online', since: noon },
      connectionId: 'Xk2jdfH1oAMCKZA=',
      connectedAt: noon,
      ...{ vendor: 'Vendor', model: 'Model 22', firmware: '1.4.2', bootedAt: noon },
      report: { status: 'available', vendorStatus: 'Available', at: noon, receivedAt: noon },
      guard: guardOf('01', '49590338271490256608559692538361571095921575989136588898'),
      rev: 1234,
      outbox: [
        {
          id: 'CP-000123.0mvzn21ew-cep0kcb8vm1dkas9.mvzn21ew.0',
          type: 'StationEventRecorded',
          at: noon,
          receivedAt: noon,
          topic: 'CommandEnded',
          detail: {
            commandId: '0mvzn21ew-cep0kcb8vm1dkas9',
            ...{
              action: 'SetChargingProfile',
              ocpp: '1.6',
              payload,
              state: 'Accepted',
              by: 'bus: 000000000000/optimiser',
            },
            ...{ origin: 'outside', requestedAt: noon, requestId: 'r28', reason: 'Accepted', sentAt: noon },
            reply: '{"status":"Accepted"}',
          },
        },
      ],
    };
    const item = {
      ...{ stationId, siteId: 'harbour', zoneId: 'zone-1', region: 'north', lastSeenAt: noon },
      ...{ model: 'Model 22', modelPath: `1.4.2#${stationId}` },
      registration: { stationId, ...registered, connectors },
      connectivity: { connectionId: 'Xk2jdfH1oAMCKZA=', transport: 'websocket', connectedAt: noon, ocpp: '1.6' },
      state: stateAttribute(state),
    };
    expect(stationFromItem(item).state).toEqual(state);
    expect(sizeOf(marshall(item, { removeUndefinedValues: true }))).toBeLessThanOrEqual(1024);
  });
});

/** Bytes of an item as DynamoDB counts them: names, values, and one to three bytes for each nested element. */
const sizeOf = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

const valueSize = (value: unknown): number => {
  const [[kind, inner] = ['', undefined]] = Object.entries(value ?? {});
  if (kind === 'S') return Buffer.byteLength(String(inner));
  if (kind === 'N') return Math.ceil(String(inner).replace(/[-.]/g, '').length / 2) + 1;
  if (inner instanceof Uint8Array) return inner.byteLength;
  if (kind === 'M') return 3 + Object.values(Object(inner)).length + sizeOf(Object(inner));
  if (Array.isArray(inner)) return 3 + inner.reduce((sum: number, each) => sum + 1 + valueSize(each), 0);
  return 1;
};

const stores: readonly [string, () => Promise<AggregateStore>][] = [
  ['in memory', async () => fakeSceneStore()],
  [
    'in DynamoDB',
    async () => {
      const endpoint = inject('dynamodbEndpoint');
      const client = localClient(endpoint);
      const tables = {
        connectors: await createTable(client, 'connectors'),
        stations: await createTable(client, 'stations'),
      };
      return aggregateStore(tables, localDocuments(endpoint));
    },
  ],
];

describe.each(stores)('a aggregate store %s', (_, open) => {
  let store: AggregateStore;
  beforeAll(async () => {
    store = await open();
  });
  const at = (stationId: string, guard: string) => ({ ...midSession(stationId), guard });
  const write = (stationId: string, readGuard: string, guard: string) =>
    ({ kind: 'connector', readGuard, item: at(stationId, guard) }) as const;
  const state = (stationId: string, guard: string) => ({
    stationId,
    presence: { kind: 'online', since: 1 } as const,
    guard,
    rev: 1,
    outbox: [],
  });

  it('gives back what was committed', async () => {
    const item = { kind: 'station', readGuard: '', item: state('A', '1') } as const;
    expect(await store.commit([write('A', '', '1'), item], false)).toBe('committed');
    expect(await store.load('A')).toEqual({
      stationId: 'A',
      station: { state: item.item },
      connectors: [at('A', '1')],
    });
  });

  it('knows nothing of a station never written', async () => {
    expect(await store.load('nobody')).toEqual({ stationId: 'nobody', station: {}, connectors: [] });
  });

  it.each([
    ['an item that exists already', '', '2'],
    ['a guard that is no longer the one read', '0', '2'],
    ['a guard that is not newer', '1', '1'],
  ])('refuses %s', async (name, readGuard, guard) => {
    const stationId = `R ${name}`;
    await store.commit([write(stationId, '', '1')], false);
    expect(await store.commit([write(stationId, readGuard, guard)], false)).toBe('conflict');
    expect((await store.load(stationId)).connectors).toEqual([at(stationId, '1')]);
  });

  it('writes all or none of what belongs together', async () => {
    await store.commit([write('T', '', '1')], false);
    const fresh = { kind: 'station', readGuard: '', item: state('T', '2') } as const;
    expect(await store.commit([fresh, write('T', '0', '2')], true)).toBe('conflict');
    expect((await store.load('T')).station).toEqual({});
    expect(await store.commit([fresh, write('T', '1', '2')], true)).toBe('committed');
  });
});

it('takes a transaction that met another one as a conflict, which is read and folded again', async () => {
  const met = new TransactionCanceledException({
    message: 'canceled',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
  });
  const store = aggregateStore({ connectors: 'c', stations: 's' }, { send: () => Promise.reject(met) } as never);
  const item = (stationId: string) =>
    ({ kind: 'connector', readGuard: '', item: { ...midSession(stationId), guard: '1' } }) as const;
  expect(await store.commit([item('A'), item('B')], true)).toBe('conflict');
});
