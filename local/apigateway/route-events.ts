import { z } from 'zod';
import type { LocalSystem } from '../local-system.ts';
import type { Connection } from './connection.ts';
import type { GatewayDefinition, RouteTarget } from './gateway-definition.ts';

/** What a function behind a route may answer. */
export const ProxyResult = z.looseObject({
  statusCode: z.number().optional(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  body: z.string().nullish(),
});

export type RouteEventPorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly system: LocalSystem;
};

/** The events API Gateway makes for its routes, and the calls it makes with them. */
export const routeEvents = ({ apiId, stage, domainName }: GatewayDefinition, { invoke, system }: RouteEventPorts) => {
  /** An id in the form API Gateway gives connections and requests. */
  const identifier = (): string =>
    `${Buffer.from(system.uuid().replaceAll('-', ''), 'hex').subarray(0, 11).toString('base64url')}=`;

  return {
    identifier,
    contextOf: (connectionId: string, connection: Omit<Connection, 'socket'>, more: object) => ({
      apiId,
      stage,
      domainName,
      connectionId,
      connectedAt: connection.connectedAt,
      requestId: identifier(),
      extendedRequestId: identifier(),
      requestTime: new Date(system.clock()).toUTCString(),
      requestTimeEpoch: system.clock(),
      messageDirection: 'IN',
      identity: { sourceIp: connection.sourceIp, userAgent: connection.userAgent },
      ...more,
    }),
    /** Rejects when the function fails or takes longer than its integration waits. */
    call: ({ functionArn, timeoutMs }: RouteTarget, event: unknown): Promise<unknown> => {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const cancel = system.after(timeoutMs, () => reject(new Error('Endpoint request timed out')));
      return Promise.race([invoke(functionArn, event), late]).finally(cancel);
    },
  };
};
export type RouteEvents = ReturnType<typeof routeEvents>;
