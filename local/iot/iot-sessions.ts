import { z } from 'zod';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { policyAllows } from '../template/policy-allows.ts';
import { arnOf } from '../template/resource-kind.ts';
import type { RuleMessage } from './rule-query.ts';
import type { Authorizer } from './topic-rule.ts';
import type { IotPorts } from './topic-rules.ts';

/** What a client says of itself when it connects. */
export type IotClient = {
  readonly id: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
};

/** A client that was let in, with what it may do. */
export type IotSession = {
  readonly clientId: string;
  readonly sessionId: string;
  readonly policies: readonly unknown[];
  readonly principalId: string;
  /** Sessions of a client are numbered. AWS IoT gives a session's connect and disconnect its number, and the next one a higher. */
  readonly version: number;
  /** AWS IoT ends the session after this long; undefined: as it likes. */
  readonly longestMs: number | undefined;
};

export type IotSessions = {
  /** Asks the authorizer that a client names; undefined for one that may not connect. Rejects when the authorizer fails. */
  readonly open: (client: IotClient) => Promise<IotSession | undefined>;
  /** A session has ended: its client's numbers begin anew an hour later. */
  readonly ended: (session: IotSession) => void;
  /** Whether a session may do something (`Publish`) with a resource (`topic/a/b`). */
  readonly allows: (session: IotSession | undefined, action: string, resource: string) => boolean;
  /** The presence event that tells of a session. */
  readonly presence: (session: IotSession, eventType: 'connected' | 'disconnected', more: object) => RuleMessage;
  /** AWS IoT tells of a client that it refused, too, by the client id it has named. */
  readonly presenceOfRefused: (clientId: string) => RuleMessage;
};

/** What follows the question mark in a user name, with the authorizer's name. */
export const authorizerParameter = 'x-amz-customauthorizer-name';

/** AWS IoT's quota for one message. */
export const largestPayloadBytes = 128 * 1024;

/** "If a client is not connected for approximately one hour, the version number is reset to 0" (lifecycle events of AWS IoT). */
const NUMBERS_KEPT_MS = HOUR_MS;

const Verdict = z.looseObject({
  isAuthenticated: z.boolean(),
  principalId: z.string().optional(),
  policyDocuments: z.array(z.unknown()).default([]),
  disconnectAfterInSeconds: z.number().optional(),
});

/** Clients of AWS IoT: let in by the authorizer they name, held to its policy, and told of by presence events. */
export const iotSessions = (
  authorizers: readonly Authorizer[],
  { invoke, account, system }: Pick<IotPorts, 'invoke' | 'account' | 'system'>,
): IotSessions => {
  /** The number of each client's next session, and since when it has none. */
  const numbers = new Map<string, { readonly next: number; readonly awaySince: number | undefined }>();
  const nextVersion = (clientId: string): number => {
    const { next = 0, awaySince } = numbers.get(clientId) ?? {};
    const version = awaySince !== undefined && system.clock() - awaySince >= NUMBERS_KEPT_MS ? 0 : next;
    numbers.set(clientId, { next: version + 1, awaySince: undefined });
    return version;
  };

  const allows: IotSessions['allows'] = (session, action, resource) => {
    const arn = arnOf('iot', resource, account);
    return session?.policies.some((policy) => policyAllows(policy, `iot:${action}`, arn)) ?? false;
  };

  const message = (clientId: string, eventType: string, more: object): RuleMessage => ({
    topic: `$aws/events/presence/${eventType}/${clientId}`,
    payload: Buffer.from(JSON.stringify({ clientId, timestamp: system.clock(), eventType, ...more })),
    clientId: undefined,
    at: system.clock(),
    newUuid: system.uuid,
  });

  return {
    open: async ({ id, username, password }) => {
      // On the endpoint every account has, a client without a certificate is let in only by an authorizer that it names.
      const asked = new URLSearchParams(username?.replace(/^[^?]*/s, '')).get(authorizerParameter);
      const authorizer = authorizers.find(({ properties }) => properties.AuthorizerName === asked);
      if (authorizer === undefined) return undefined;
      const verdict = Verdict.parse(
        await invoke(authorizer.properties.AuthorizerFunctionArn, {
          protocolData: { mqtt: { username, password: password?.toString('base64'), clientId: id } },
          protocols: ['mqtt'],
          signatureVerified: false,
          connectionMetadata: { id: system.uuid() },
        }),
      );
      const { isAuthenticated, policyDocuments, principalId = '', disconnectAfterInSeconds } = verdict;
      if (!isAuthenticated) return undefined;
      const session: IotSession = {
        clientId: id,
        sessionId: system.uuid(),
        policies: policyDocuments,
        principalId,
        version: nextVersion(id),
        longestMs: disconnectAfterInSeconds === undefined ? undefined : disconnectAfterInSeconds * 1_000,
      };
      return allows(session, 'Connect', `client/${id}`) ? session : undefined;
    },
    ended: ({ clientId, version }) => {
      const next = numbers.get(clientId)?.next;
      if (next === version + 1) numbers.set(clientId, { next, awaySince: system.clock() });
    },
    allows,
    presence: ({ clientId, sessionId, principalId, version }, eventType, more) =>
      message(clientId, eventType, {
        sessionIdentifier: sessionId,
        principalIdentifier: principalId,
        versionNumber: version,
        ...more,
      }),
    presenceOfRefused: (clientId) =>
      message(clientId, 'connect_failed', {
        sessionIdentifier: system.uuid(),
        connectFailureReason: 'AUTHORIZATION_FAILED',
      }),
  };
};
