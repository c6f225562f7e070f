import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { LocalSystem } from '../local-system.ts';
import { Unauthorized } from './unauthorized.ts';

/** What a provider of the API wants of a token. */
export type TokenRules = {
  readonly issuer: string;
  /** A regular expression for the client the token was made for. */
  readonly client: string | undefined;
  /** The claims one of which has to name that client. */
  readonly clientClaims: readonly string[];
  /** How long after `iat` and after `auth_time` a token is taken, ms; 0: as long as its `exp` says. */
  readonly issuedWithinMs: number;
  readonly signedInWithinMs: number;
};

/** A token that was verified. */
export type VerifiedToken = { readonly issuer: string; readonly sub: string; readonly claims: JWTPayload };

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

const Configuration = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

const textsIn = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((one) => typeof one === 'string');

const secondsIn = (claim: unknown): number => (typeof claim === 'number' ? claim * 1_000 : Number.NaN);

const refusal = (error: unknown): Unauthorized => {
  if (error instanceof errors.JWTExpired) return new Unauthorized('Token has expired.');
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return new Unauthorized('Unable to parse JWT token.');
  if (error instanceof errors.JOSEError) return new Unauthorized(`The token is refused: ${error.message}`);
  throw error;
};

/**
 * Verifies tokens as AppSync does: signed with a key the issuer serves, by that issuer, for a client that fits, not expired,
 * neither issued nor signed in too long ago. Throws Unauthorized. `leadsTo` turns the issuer's address into one of this machine.
 */
export const tokenVerifier = (
  { issuer, client, clientClaims, issuedWithinMs, signedInWithinMs }: TokenRules,
  leadsTo: (address: string) => string,
  { clock }: Pick<LocalSystem, 'clock'>,
) => {
  const fits = client === undefined ? undefined : new RegExp(`^(?:${client})$`);
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  const keysOfIssuer = async () => {
    if (keys !== undefined) return keys;
    const address = `${leadsTo(issuer).replace(/\/$/, '')}/.well-known/openid-configuration`;
    const configuration = Configuration.parse(await (await fetch(address)).json());
    if (configuration.issuer !== issuer)
      throw new Unauthorized(`${address} speaks for ${configuration.issuer}, not for ${issuer}`);
    keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
    return keys;
  };

  return async (token: string): Promise<VerifiedToken> => {
    const now = clock();
    const options = { issuer, algorithms, currentDate: new Date(now), requiredClaims: ['sub', 'iat', 'exp'] };
    const { payload } = await jwtVerify(token, await keysOfIssuer(), options).catch((error: unknown) => {
      throw refusal(error);
    });
    if (fits !== undefined && !clientClaims.some((claim) => textsIn(payload[claim]).some((one) => fits.test(one))))
      throw new Unauthorized(`The token is for another client (${clientClaims.join(' or ')})`);
    const isTooOld = (claim: unknown, withinMs: number) => withinMs > 0 && !(now - secondsIn(claim) <= withinMs);
    if (isTooOld(payload.iat, issuedWithinMs)) throw new Unauthorized('The token was issued too long ago (iat)');
    if (isTooOld(payload.auth_time, signedInWithinMs))
      throw new Unauthorized('The sign-in was too long ago (auth_time)');
    return { issuer, sub: String(payload.sub), claims: payload };
  };
};
