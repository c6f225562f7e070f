import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { handles, payloadBytes, simClient } from './sim-client.ts';
import { metadata, type SimServiceContext } from './sim-service-context.ts';

const MOST_KEYS = 1_000;
const MOST_KEY_BYTES = 1_024;

type StoredObject = {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly modifiedAt: number;
  readonly type: string | undefined;
};

/** S3 of a simulated account. Reads and lists are strongly consistent, as the service's are. */
export type SimS3 = {
  readonly client: S3Client;
  readonly send: S3Client['send'];
  /** Puts an object as a service does, Lambda a batch it gave up for instance. */
  readonly put: (bucket: string, key: string, body: string) => void;
  /** Objects of a bucket in the order of their keys. */
  readonly objects: (
    bucket: string,
  ) => readonly { readonly key: string; readonly text: string; readonly modifiedAt: number }[];
};

const refused = (name: string, message: string): S3ServiceException =>
  new S3ServiceException({ name, message, $fault: 'client', $metadata: metadata(400) });

const etagOf = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

/** Keys are ordered by their UTF-8 bytes. */
const byKey = (a: StoredObject, b: StoredObject): number => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

export const simS3 = (buckets: readonly string[], context: SimServiceContext): SimS3 => {
  const { now } = context;
  const stored = new Map(buckets.map((bucket) => [bucket, new Map<string, StoredObject>()]));
  const of = (bucket: string | undefined): Map<string, StoredObject> => {
    const found = stored.get(bucket ?? '');
    if (found === undefined)
      throw new NoSuchBucket({ message: 'The specified bucket does not exist', $metadata: metadata(404) });
    return found;
  };
  const keyOf = (key: string | undefined): string => {
    if (key === undefined || key === '')
      throw refused('InvalidRequest', 'No value provided for input HTTP label: Key.');
    if (Buffer.byteLength(key) > MOST_KEY_BYTES) throw refused('KeyTooLongError', 'Your key is too long');
    return key;
  };
  const put = (bucket: string | undefined, key: string, bytes: Uint8Array, type?: string): void => {
    // Whole seconds, as the service tells them.
    of(bucket).set(key, { key, bytes, modifiedAt: Math.floor(now() / 1_000) * 1_000, type });
  };
  const sorted = (bucket: string | undefined): readonly StoredObject[] => [...of(bucket).values()].sort(byKey);

  const client = simClient(S3Client, 's3', context, [
    handles(PutObjectCommand, ({ Bucket, Key, Body, ContentType }) => {
      const bytes = payloadBytes(Body);
      put(Bucket, keyOf(Key), bytes, ContentType);
      return { ETag: etagOf(bytes) };
    }),
    handles(GetObjectCommand, ({ Bucket, Key }) => {
      const found = of(Bucket).get(keyOf(Key));
      if (found === undefined)
        throw new NoSuchKey({ message: 'The specified key does not exist.', $metadata: metadata(404) });
      const { bytes, modifiedAt, type } = found;
      return {
        Body: {
          transformToString: async () => Buffer.from(bytes).toString(),
          transformToByteArray: async () => bytes.slice(),
        },
        ContentLength: bytes.length,
        ContentType: type ?? 'binary/octet-stream',
        ETag: etagOf(bytes),
        LastModified: new Date(modifiedAt),
      };
    }),
    handles(HeadObjectCommand, ({ Bucket, Key }) => {
      const found = of(Bucket).get(keyOf(Key));
      if (found === undefined) throw new NotFound({ message: 'NotFound', $metadata: metadata(404) });
      return { ContentLength: found.bytes.length, ETag: etagOf(found.bytes), LastModified: new Date(found.modifiedAt) };
    }),
    handles(DeleteObjectCommand, ({ Bucket, Key }) => {
      of(Bucket).delete(keyOf(Key));
      return {};
    }),
    handles(ListObjectsV2Command, ({ Bucket, Prefix = '', MaxKeys = MOST_KEYS, ContinuationToken, StartAfter }) => {
      const after =
        ContinuationToken === undefined ? (StartAfter ?? '') : Buffer.from(ContinuationToken, 'base64').toString();
      const isWanted = ({ key }: StoredObject): boolean =>
        key.startsWith(Prefix) && (after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
      const matching = sorted(Bucket).filter(isWanted);
      const page = matching.slice(0, Math.min(MaxKeys, MOST_KEYS));
      const last = page.at(-1);
      const isTruncated = matching.length > page.length;
      return {
        Name: Bucket,
        Prefix,
        KeyCount: page.length,
        MaxKeys,
        IsTruncated: isTruncated,
        // No list at all where nothing is.
        ...(page.length > 0 && {
          Contents: page.map(({ key, bytes, modifiedAt }) => ({
            Key: key,
            Size: bytes.length,
            ETag: etagOf(bytes),
            LastModified: new Date(modifiedAt),
          })),
        }),
        ...(isTruncated && last && { NextContinuationToken: Buffer.from(last.key).toString('base64') }),
      };
    }),
  ]);

  return {
    client,
    send: client.send,
    put: (bucket, key, body) => put(bucket, keyOf(key), payloadBytes(body)),
    objects: (bucket) =>
      sorted(bucket).map(({ key, bytes, modifiedAt }) => ({ key, text: Buffer.from(bytes).toString(), modifiedAt })),
  };
};
