import type { Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { z } from 'zod';
import { parsedJson } from '../../domain/kernel/parsed-json.ts';
import { type HttpRequest, httpServer, type Reply } from '../http/http-server.ts';
import type { LocalSystem } from '../local-system.ts';

/** The `iss` of tokens made on this machine, and the client they are made for: what the template is synthesized with. */
export const localIssuer = 'https://tokens.wattstream.test';
export const localClient = 'wattstream-local';

const algorithm = 'RS256';
const keyId = 'local';

const Wish = z.strictObject({
  name: z.string().trim().min(1),
  role: z.enum(['viewer', 'operator', 'administrator']),
  expiresInSeconds: z.number().int().positive().max(86_400).default(3_600),
});

const json = (status: number, body: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const wishOf = (body: Buffer): z.infer<typeof Wish> | undefined => Wish.safeParse(parsedJson(body.toString())).data;

/**
 * An issuer of tokens on this machine, with keys of its own from every start: serves its OpenID Connect configuration and
 * its keys, and makes a token for whoever asks (`POST /token {name, role, expiresInSeconds?}`).
 */
export const tokenIssuer = async ({ clock }: Pick<LocalSystem, 'clock'>): Promise<Server> => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = { ...(await exportJWK(publicKey)), kid: keyId, alg: algorithm, use: 'sig' };

  const tokenFor = ({ name, role, expiresInSeconds }: z.infer<typeof Wish>): Promise<string> => {
    const now = Math.floor(clock() / 1_000);
    return new SignJWT({ role, auth_time: now })
      .setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'JWT' })
      .setIssuer(localIssuer)
      .setAudience(localClient)
      .setSubject(name)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresInSeconds)
      .sign(privateKey);
  };

  const answer = async ({ method, url, headers, body }: HttpRequest): Promise<Reply> => {
    switch (`${method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return json(200, { issuer: localIssuer, jwks_uri: `http://${headers.host}/jwks.json` });
      case 'GET /jwks.json':
        return json(200, { keys: [jwk] });
      case 'POST /token': {
        const wish = wishOf(body);
        return wish === undefined
          ? json(400, {
              error: 'Give a name, a role (viewer, operator, administrator) and expiresInSeconds, 1 to 86400',
            })
          : json(200, { token: await tokenFor(wish) });
      }
      default:
        return json(404, { error: 'There is /.well-known/openid-configuration, /jwks.json and /token' });
    }
  };
  return httpServer(answer);
};
