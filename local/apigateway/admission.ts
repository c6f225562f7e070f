import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { FrontDoor } from '../cloudfront/front-door.ts';
import { identityPresent, requestPartsOf, type ViewerRequest, viewerRequest } from '../cloudfront/viewer-request.ts';
import { InvocationFailed } from '../lambda/local-function.ts';
import { policyAllows } from '../template/policy-allows.ts';
import type { Account } from '../template/template.ts';
import type { Connection } from './connection.ts';
import type { GatewayDefinition } from './gateway-definition.ts';
import { Refused, refusal } from './refusal.ts';
import { ProxyResult, type RouteEventPorts, type RouteEvents } from './route-events.ts';

export type AdmissionPorts = RouteEventPorts & { readonly frontDoor: FrontDoor['pass']; readonly account: Account };

/** A connection that may be opened. */
export type Admitted = {
  readonly connectionId: string;
  readonly connection: Omit<Connection, 'socket'>;
  /** The sub-protocol $connect chose. */
  readonly protocol: string | undefined;
  /** The authorizer's part of every later event of this connection. */
  readonly granted: object;
};

const Allowed = z.looseObject({
  principalId: z.string(),
  policyDocument: z.looseObject({ Statement: z.array(z.unknown()) }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** Who may connect: the front door, the authorizer and $connect decide, in this order. Rejects with Refused. */
export const admission =
  (definition: GatewayDefinition, events: RouteEvents, { account, system, frontDoor, invoke }: AdmissionPorts) =>
  async (incoming: IncomingMessage): Promise<Admitted> => {
    const edge = await frontDoor(viewerRequest(incoming));
    if (edge.kind === 'answer') throw new Refused(edge.status, edge.body, edge.headers);
    const { request } = edge;
    // A WebSocket API knows only its stage: any path below it is answered 403.
    if (edge.domainName !== definition.domainName || request.uri !== `/${definition.stage}`)
      throw refusal(403, 'Forbidden');
    const connectionId = events.identifier();
    const connection = {
      connectedAt: system.clock(),
      lastActiveAt: system.clock(),
      sourceIp: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    };
    const parts = requestPartsOf(request);
    const context = events.contextOf(connectionId, connection, { routeKey: '$connect', eventType: 'CONNECT' });
    const authorizer = await authorize(definition, account, invoke, request, { ...parts, requestContext: context });
    const granted = authorizer === undefined ? {} : { authorizer };
    if (definition.connect === undefined) return { connectionId, connection, protocol: undefined, granted };
    const event = { ...parts, requestContext: { ...context, ...granted }, isBase64Encoded: false };
    const answer = await events.call(definition.connect, event).catch(() => {
      throw refusal(502, 'Internal server error');
    });
    const result = ProxyResult.safeParse(answer);
    if (!result.success || result.data.statusCode === undefined) throw refusal(502, 'Internal server error');
    const { statusCode, headers, body } = result.data;
    if (statusCode < 200 || statusCode > 299) throw new Refused(statusCode, body ?? '');
    const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol');
    return { connectionId, connection, protocol: named?.[1].toString(), granted };
  };

const authorize = async (
  { apiId, stage, authorizer }: GatewayDefinition,
  account: Account,
  invoke: RouteEventPorts['invoke'],
  request: ViewerRequest,
  event: object,
) => {
  if (authorizer === undefined) return undefined;
  if (!authorizer.identitySource.every((source) => identityPresent(source, request)))
    throw refusal(401, 'Unauthorized');
  const methodArn = `arn:aws:execute-api:${account.region}:${account.accountId}:${apiId}/${stage}/$connect`;
  const answer = await invoke(authorizer.functionArn, { type: 'REQUEST', methodArn, ...event }).catch(
    (error: unknown) => {
      // API Gateway's own word for it; on the service it counts as an error of the function all the same.
      if (error instanceof InvocationFailed && error.message === 'Unauthorized') throw refusal(401, 'Unauthorized');
      throw refusal(500, 'Internal server error');
    },
  );
  const decision = Allowed.safeParse(answer);
  if (!decision.success) throw refusal(500, 'Internal server error');
  const { principalId, policyDocument, context } = decision.data;
  if (!policyAllows(policyDocument, 'execute-api:Invoke', methodArn)) throw refusal(403, 'Forbidden');
  const texts = Object.entries(context ?? {}).map(([name, value]) => [name, String(value)]);
  return { principalId, ...Object.fromEntries(texts), integrationLatency: 0 };
};
