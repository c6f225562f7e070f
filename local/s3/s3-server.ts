import type { Server } from 'node:http';
import { type HttpRequest, httpServer, type Reply, ServiceError } from '../http/http-server.ts';
import type { ObjectStore } from './object-store.ts';

/** PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2; both path-style and bucket.localhost addresses. */
export const s3Server = (store: ObjectStore, buckets: ReadonlySet<string>): Server =>
  httpServer(async (request) => {
    try {
      return await answer(store, buckets, request);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return xml(`<Error><Code>${error.code}</Code><Message>${escaped(error.message)}</Message></Error>`, error.status);
    }
  });

const answer = async (store: ObjectStore, buckets: ReadonlySet<string>, request: HttpRequest): Promise<Reply> => {
  const { bucket, key } = addressed(request.url);
  if (!buckets.has(bucket)) throw new ServiceError('NoSuchBucket', `There is no bucket '${bucket}'`, 404);
  const { method, url } = request;
  if (key === '') {
    if (method === 'GET' && url.searchParams.get('list-type') === '2') return await listing(store, bucket, url);
    if (method === 'HEAD') return { status: 200 };
  } else if (
    method === 'PUT' &&
    request.headers['x-amz-copy-source'] === undefined &&
    url.searchParams.get('uploadId') === null
  ) {
    await store.put(bucket, key, payloadOf(request));
    return { status: 200, headers: { etag: '"local"' } };
  } else if (method === 'GET' || method === 'HEAD') {
    const body = await store.get(bucket, key);
    if (body === undefined) throw new ServiceError('NoSuchKey', `There is no object '${key}'`, 404);
    const headers = {
      etag: '"local"',
      'content-length': String(body.length),
      'content-type': 'application/octet-stream',
    };
    return method === 'GET' ? { status: 200, headers, body } : { status: 200, headers };
  } else if (method === 'DELETE') {
    await store.remove(bucket, key);
    return { status: 204 };
  }
  throw new ServiceError('NotImplemented', `${method} ${url.pathname}${url.search} is not emulated locally`, 501);
};

const addressed = (url: URL): { readonly bucket: string; readonly key: string } => {
  const path = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const virtual = /^(.+)\.localhost$/.exec(url.hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path.join('/') };
  const [bucket = '', ...key] = path;
  return { bucket, key: key.join('/') };
};

const listing = async (store: ObjectStore, bucket: string, url: URL): Promise<Reply> => {
  const prefix = url.searchParams.get('prefix') ?? '';
  const after = url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after') ?? '';
  const limit = Number(url.searchParams.get('max-keys') ?? 1_000);
  const matching = (await store.list(bucket, prefix)).filter(({ key }) => key > after);
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  const truncated = matching.length > page.length && last !== undefined;
  const contents = page.map(
    ({ key, sizeBytes, modifiedAt }) =>
      `<Contents><Key>${escaped(key)}</Key><Size>${sizeBytes}</Size><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`,
  );
  const next = truncated ? `<NextContinuationToken>${escaped(last.key)}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><Name>${bucket}</Name><Prefix>${escaped(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${truncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
};

/** The SDK may send a stream in signed chunks with a checksum at the end: length in hex, extensions, bytes. */
const payloadOf = ({ headers, body }: HttpRequest): Buffer => {
  if (!String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) return body;
  const chunks: Buffer[] = [];
  let rest = body;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, lineEnd).toString(), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(chunks);
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    rest = rest.subarray(lineEnd + 4 + size);
  }
};

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const xml = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});
