import { expect, it } from 'vitest';
import { parkedArchive } from '../../../aws/parked/parked-archive.ts';
import { simS3 } from '../../../sim/services/sim-s3.ts';
import { simContext } from '../../sim/services/world.ts';

it('lists all that is in the bucket, whoever left it there', async () => {
  const { context } = simContext();
  const { client, put } = simS3(['parked'], context);
  const now = context.now();
  const hour = new Date(now).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const keys = [
    'aws/lambda/async/track-connection/1',
    'aws/lambda/project-state/2',
    'mqtt/Signals/1795500000000-5f',
    `records/${hour}/project-state/ocpp/shardId-0/7.json`,
    'timestream/windows/1',
  ];
  for (const key of keys) put('parked', key, '{}');

  const listed = await parkedArchive('parked', client).list(now - 60_000, now + 60_000);

  expect(listed.map(({ key }) => key).sort()).toEqual(keys);
});
