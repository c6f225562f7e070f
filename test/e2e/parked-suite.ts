import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it, vi } from 'vitest';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { system } from '../../runtime/system.ts';
import { soon } from '../support/soon.ts';
import { goodTag, type RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** An attribute as Lambda hands it over: bytes in base64. */
const asHandedOver = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

/** What could not be processed is listed, shown and put back, whichever stream it came from. */
export const parkedSuite = (stack: () => RunningStack): void => {
  const keysOf = async (stationId: string): Promise<string[]> => {
    const all: { key: string; about: string[] }[] = JSON.parse((await stack().parked('list', '--json'))[0] ?? '[]');
    return all.filter(({ about }) => about.some((name) => name.startsWith(stationId))).map(({ key }) => key);
  };

  it('lists and shows a frame that was parked, and puts it back where it is judged again', async () => {
    const stationId = 'E2E-PARK';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6'], []);
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    await expect(client.call('NoSuchAction', {})).rejects.toThrow();
    await client.close();
    await vi.waitFor(async () => expect(await keysOf(stationId)).toHaveLength(1), soon);
    const [key = ''] = await keysOf(stationId);
    const [shown = ''] = await stack().parked('show', key);
    expect(key).toMatch(/^records\/\d{4}\/\d\d\/\d\d\/\d\d\/project-state\//);
    expect(JSON.parse(shown)).toMatchObject({
      partitionKey: stationId,
      reason: expect.stringContaining('NoSuchAction'),
    });
    expect(await stack().parked('redrive', key)).toEqual([`${key}: one record put back`]);
    await vi.waitFor(async () => {
      const after = await keysOf(stationId);
      expect([after.length, after.includes(key)]).toEqual([1, false]);
    }, soon);
  });

  it('puts back a change of a table, from which history is told again, and parks no credential', async () => {
    const stationId = 'E2E-PARK-CHANGE';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    const start = { connectorId: 1, idTag: goodTag, meterStart: 1000, timestamp: minutesAgo(10) };
    const { transactionId } = await client.call('StartTransaction', start);
    const stop = { transactionId, idTag: goodTag, meterStop: 4000, timestamp: minutesAgo(1) };
    await client.call('StopTransaction', stop);
    await client.close();
    const sessions = async () => {
      const { data } = await stack().graphql(
        `{ sessions(filter: { stationId: "${stationId}" }, from: "${minutesAgo(60)}", to: "${minutesAgo(0)}") { items { sessionId energyWh } } }`,
      );
      return Object(data).sessions.items;
    };
    await vi.waitFor(async () => expect(await sessions()).toMatchObject([{ energyWh: 3000 }]), soon);
    const [session] = await sessions();

    const table = stack().output('ConnectorsTable');
    const Key = { stationId: { S: stationId }, connectorKey: { S: '1#1' } };
    const { Item } = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: table, Key }));
    const eventSourceARN = `arn:aws:dynamodb:eu-west-1:000000000000:table/${table}/stream/2026`;
    const record = { eventSourceARN, dynamodb: { SequenceNumber: '1', Keys: Key, NewImage: Item } };
    const data = JSON.stringify(record, asHandedOver);
    const where = { source: eventSourceARN.replace(/\/stream.*/, ''), shardId: 'stream', sequenceNumber: '1' };
    const { park } = parkedRecords(stack().output('ParkedBucket'), 'record-history', system);
    await park({ ...where, partitionKey: `${stationId}#1#1`, reason: 'a defect', data });
    const sessionsTable = stack().output('SessionsTable');
    await documentClient().send(new DeleteCommand({ TableName: sessionsTable, Key: { sessionId: session.sessionId } }));
    expect(await sessions()).toEqual([]);

    const [key = ''] = await keysOf(stationId);
    expect(await stack().parked('redrive', key)).toEqual([`${key}: one record put back`]);
    expect(await sessions()).toEqual([session]);
    expect(await keysOf(stationId)).toEqual([]);
    const stations = { TableName: stack().output('StationsTable'), Key: { stationId: { S: stationId } } };
    const { Item: station } = await new DynamoDBClient({}).send(new GetItemCommand(stations));
    expect(JSON.stringify(station)).not.toContain('scrypt');
  });
};
