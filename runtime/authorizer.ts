import middy from '@middy/core';
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { logFailure } from './log-failure.ts';

/** What a client presents when it opens a WebSocket. Header names do not matter by case. */
export type Presented = {
  /** The identity from the URL, which the front door decoded and put into a header. */
  readonly stationId: string | undefined;
  readonly authorization: string | undefined;
  /** The Sec-WebSocket-Protocol header: a comma-separated list. */
  readonly subProtocols: string | undefined;
};

/** Who is let through to $connect, and what every later message of the socket carries along. */
export type Granted = { readonly stationId: string; readonly context: Readonly<Record<string, string>> };

/** API Gateway answers 401 to exactly this message, and 500 to any other. */
const UNAUTHORIZED = 'Unauthorized';

const STATION_HEADER = 'x-wattstream-station';

const headersOf = ({ headers, multiValueHeaders }: APIGatewayRequestAuthorizerEvent): Map<string, string> => {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {}))
    if (typeof value === 'string') found.set(name.toLowerCase(), value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    if (Array.isArray(values)) found.set(name.toLowerCase(), values.join(','));
  return found;
};

/** The Lambda behind a REQUEST authorizer of a WebSocket API. `authorize` returns undefined for wrong credentials. */
export const authorizer = (authorize: (presented: Presented) => Promise<Granted | undefined>) =>
  middy(async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const headers = headersOf(event);
    const granted = await authorize({
      stationId: headers.get(STATION_HEADER),
      authorization: headers.get('authorization'),
      subProtocols: headers.get('sec-websocket-protocol'),
    });
    if (granted === undefined) throw new Error(UNAUTHORIZED);
    return {
      principalId: granted.stationId,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
      },
      context: granted.context,
    };
  }).use(logFailure('authorizer', [UNAUTHORIZED]));
