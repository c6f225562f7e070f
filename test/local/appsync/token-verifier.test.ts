import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TokenRules, tokenVerifier } from '../../../local/appsync/token-verifier.ts';
import { close, httpServer, listen } from '../../../local/http/http-server.ts';

const now = Date.UTC(2026, 10, 21, 12);
const seconds = now / 1_000;
const issuer = 'https://issuer.example';
const keys = await generateKeyPair('ES256');
const others = await generateKeyPair('ES256');
let speaksFor = issuer;
const server = httpServer(async ({ url, headers }) => ({
  status: 200,
  body: JSON.stringify(
    url.pathname === '/keys'
      ? { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k' }] }
      : { issuer: speaksFor, jwks_uri: `http://${headers.host}/keys` },
  ),
}));
let address = '';
beforeAll(async () => {
  address = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => close(server));

const usual: TokenRules = {
  issuer,
  client: 'web|app-\\d',
  clientClaims: ['aud', 'azp'],
  issuedWithinMs: 0,
  signedInWithinMs: 0,
};
const claims = { iss: issuer, aud: 'web', sub: 'olga', iat: seconds - 60, exp: seconds + 60 };
const signed = (payload: JWTPayload, key = keys.privateKey, header = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k', ...header }).sign(key);
const verify = (token: string, rules: Partial<TokenRules> = {}) =>
  tokenVerifier({ ...usual, ...rules }, (to) => to.replace(issuer, address), { clock: () => now })(token);

describe('a token', () => {
  it('that is in order tells who shows it', async () => {
    const { issuer: by, sub, claims: told } = await verify(await signed({ ...claims, role: 'viewer' }));
    expect([by, sub, told.role]).toEqual([issuer, 'olga', 'viewer']);
  });

  it.each([
    ['the audience', { aud: ['other', 'app-1'] }],
    ['the authorized party', { aud: 'other', azp: 'app-2' }],
  ])('is for a client that %s names', async (_name, over) => {
    expect((await verify(await signed({ ...claims, ...over }))).sub).toBe('olga');
  });

  it.each([
    ['has expired', { exp: seconds }, 'Token has expired.'],
    ['never expires', { exp: undefined }, 'refused'],
    ['is of another issuer', { iss: `${issuer}/` }, 'refused'],
    ['is for another client', { aud: 'web2' }, 'another client'],
    ['is for a client whose name begins alike', { aud: 'app-1x' }, 'another client'],
    ['is not valid yet', { nbf: seconds + 60 }, 'refused'],
    ['does not say when it was issued', { iat: undefined }, 'refused'],
    ['is about nobody', { sub: undefined }, 'refused'],
  ])('that %s is refused', async (_name, over, message) => {
    const payload = Object.fromEntries(
      Object.entries({ ...claims, ...over }).filter(([, value]) => value !== undefined),
    );
    await expect(verify(await signed(payload))).rejects.toMatchObject({
      name: 'Unauthorized',
      message: expect.stringContaining(message),
    });
  });

  it('that was issued too long ago is refused, though it has not expired', async () => {
    await expect(verify(await signed(claims), { issuedWithinMs: 59_000 })).rejects.toThrow('iat');
    expect((await verify(await signed(claims), { issuedWithinMs: 60_000 })).sub).toBe('olga');
  });

  it('of a sign-in too long ago, or at a time it does not tell, is refused', async () => {
    const rules = { signedInWithinMs: 3_600_000 };
    await expect(verify(await signed({ ...claims, auth_time: seconds - 3_601 }), rules)).rejects.toThrow('auth_time');
    await expect(verify(await signed(claims), rules)).rejects.toThrow('auth_time');
    expect((await verify(await signed({ ...claims, auth_time: seconds - 3_600 }), rules)).sub).toBe('olga');
  });

  it('signed with another key, or under a key the issuer does not serve, is refused', async () => {
    await expect(verify(await signed(claims, others.privateKey))).rejects.toThrow('refused');
    await expect(verify(await signed(claims, keys.privateKey, { kid: 'other' }))).rejects.toThrow('refused');
  });

  it.each(['', 'a.b.c', 'nothing'])('that cannot be read is refused: "%s"', async (text) => {
    await expect(verify(text)).rejects.toThrow('Unable to parse JWT token.');
  });

  it('is not verified with the keys of a server that speaks for another issuer', async () => {
    speaksFor = 'https://other.example';
    await expect(verify(await signed(claims))).rejects.toThrow('speaks for');
    speaksFor = issuer;
  });
});
