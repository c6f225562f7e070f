import { describe, expect, it } from 'vitest';
import { deliver } from '../../runtime/deliver.ts';
import { fakeSystem } from '../fakes/system.ts';

describe('a record that fails for good while the parked bucket takes nothing', () => {
  it('is given back to its stream, and counted for the alarm', async () => {
    const lines: string[] = [];
    const run = deliver<string>(
      {
        handle: async () => {
          throw new TypeError('Cannot be handled');
        },
        park: async () => {
          throw new Error('Access denied');
        },
        stage: 'prod',
        warn: () => undefined,
        system: fakeSystem({ now: 5 }),
      },
      { by: 'key', atOnce: 1 },
      (line) => lines.push(line),
    );
    const parked = { source: '', shardId: '', sequenceNumber: '7', partitionKey: 'S1', reason: '', data: '' };
    const read = () => ({ key: 'S1', value: 'poison' });
    const response = await run([{ id: '7', sequenceNumber: '7', partitionKey: 'S1', read, parked: () => parked }]);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        RecordsNotParked: 1,
        Stage: 'prod',
        _aws: {
          CloudWatchMetrics: [
            { Namespace: 'Wattstream', Dimensions: [['Stage']], Metrics: [{ Name: 'RecordsNotParked' }] },
          ],
        },
      },
    ]);
  });
});
