import { createHash, timingSafeEqual } from 'node:crypto';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { boundedCache } from '../../async/bounded-cache.ts';
import type { System } from '../../async/system.ts';
import type {
  OpenAdrCredential,
  OpenAdrCredentials,
} from '../../use-cases/ports/demand-response/openadr-connection.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/** A new secret is in use this long after it was put at the latest. */
const FRESH_MS = 60_000;

const textIn = (value: unknown, name: string): string => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found === 'string' && found !== '') return found;
  throw new Error(`The credential of an OpenADR server has no ${name}: put it again`);
};

const parsed = (text: string): OpenAdrCredential => {
  const value: unknown = JSON.parse(text);
  return {
    clientId: textIn(value, 'clientId'),
    clientSecret: textIn(value, 'clientSecret'),
    callbackToken: textIn(value, 'callbackToken'),
  };
};

/** Credentials of OpenADR servers as SecureStrings of Parameter Store, one below `prefix` for each server. */
export const openAdrCredentials = (
  prefix: string,
  { clock }: Pick<System, 'clock'>,
  open: OpenClient = openClient,
): OpenAdrCredentials => {
  const client = open(SSMClient, callPolicies.query);
  const known = boundedCache<string, OpenAdrCredential>(100, {
    ttl: FRESH_MS,
    ttlResolution: 0,
    perf: { now: clock },
  });
  const nameOf = (serverId: string): string => `${prefix}${serverId}`;
  return {
    of: async (serverId) => {
      const fresh = known.get(serverId);
      if (fresh !== undefined) return fresh;
      try {
        const { Parameter } = await client.send(
          new GetParameterCommand({ Name: nameOf(serverId), WithDecryption: true }),
        );
        const credential = parsed(Parameter?.Value ?? '{}');
        known.set(serverId, credential);
        return credential;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    put: async (serverId, credential) => {
      const Value = JSON.stringify(credential);
      await client.send(
        new PutParameterCommand({ Name: nameOf(serverId), Type: 'SecureString', Overwrite: true, Value }),
      );
      known.delete(serverId);
    },
  };
};

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export const isSameSecret = (one: string, other: string): boolean => {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
};
