import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { objectStore } from './object-store.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3Server } from './s3-server.ts';

/** S3 with objects as files. */
export const s3: LocalService = {
  name: 's3',
  kinds: [s3Bucket],
  start: async ({ dataFolder, deployment, folder, open, refOf, system }) => {
    const objectFolder = join(dataFolder ?? folder, 's3');
    // What an earlier stack left belongs to a state that is gone, unless it is to be kept.
    if (dataFolder === undefined) rmSync(objectFolder, { recursive: true, force: true });
    mkdirSync(objectFolder, { recursive: true });
    const objects = objectStore(objectFolder);
    const buckets = new Set(deployment.all(s3Bucket).map(({ logicalId }) => refOf(logicalId)));
    return {
      deliver: (bucketArn, { body, objectKey = system.uuid() }) =>
        objects.put(bucketArn.replace('arn:aws:s3:::', ''), objectKey, JSON.stringify(body)),
      environment: { AWS_ENDPOINT_URL_S3: urlAt(await open(s3Server(objects, buckets))) },
    };
  },
};
