import { createHash, createHmac, type Hash, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '../http/http-server.ts';
import type { LocalSystem } from '../local-system.ts';
import { Unauthorized } from './unauthorized.ts';

/** An IAM user of the emulated account. */
export type IamUser = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly userArn: string };

/** A signature may be this old, or this much ahead. */
const VALID_MS = 5 * 60_000;

/** SHA-256 as the signer wants it, keyed where it is given a secret. */
export class Sha256 {
  readonly #hash: Hash | ReturnType<typeof createHmac>;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('A digest is taken once');
  }
}

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): Uint8Array => {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

const invalid = () => new Unauthorized('The request signature is not valid');

/** The instant of `x-amz-date`: 20261121T173000Z. */
const instantOf = (text: string): Date =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * Verifies AWS Signature Version 4 of a request to AppSync: made with the secret of one of the users, for this region and
 * service, over the host, the date and the body, within five minutes. Throws Unauthorized.
 */
export const signatureVerifier =
  (users: readonly IamUser[], region: string, { clock }: Pick<LocalSystem, 'clock'>) =>
  async ({ method, url, headers, body }: HttpRequest): Promise<IamUser> => {
    const authorization = headers.authorization ?? '';
    const [, credential = '', names = ''] =
      /Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),/.exec(authorization) ?? [];
    const [accessKeyId, , signedRegion, service] = credential.split('/');
    const user = users.find((one) => one.accessKeyId === accessKeyId);
    const signingDate = instantOf(String(headers['x-amz-date']));
    const signed = names.split(';');
    if (user === undefined || signedRegion !== region || service !== 'appsync') throw invalid();
    if (!signed.includes('host') || !(Math.abs(clock() - signingDate.getTime()) <= VALID_MS)) throw invalid();
    const digest = createHash('sha256').update(body).digest('hex');
    if ((headers['x-amz-content-sha256'] ?? digest) !== digest) throw invalid();
    const signer = new SignatureV4({ credentials: user, region, service, sha256: Sha256, applyChecksum: false });
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signed.map((name) => [name, String(headers[name] ?? '')])),
      body,
    };
    const again = await signer.sign(request, { signingDate, signableHeaders: new Set(signed) });
    const signatureIn = (text: string | undefined): Buffer =>
      Buffer.from(/Signature=(\w+)/.exec(text ?? '')?.[1] ?? '');
    const [own, theirs] = [signatureIn(again.headers.authorization), signatureIn(authorization)];
    if (own.length !== theirs.length || !timingSafeEqual(own, theirs)) throw invalid();
    return user;
  };
