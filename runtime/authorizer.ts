import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Identified, Presented } from '../use-cases/ports/credential-store.ts';
import { lambda } from './lambda.ts';

/** Where lib/cloudfront/ocpp-path.js puts the station's id. */
const STATION_HEADER = 'x-wattstream-station';

const headersOf = ({ headers, multiValueHeaders }: APIGatewayRequestAuthorizerEvent): Map<string, string> => {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {}))
    if (typeof value === 'string') found.set(name.toLowerCase(), value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    if (Array.isArray(values)) found.set(name.toLowerCase(), values.join(','));
  return found;
};

/**
 * The Lambda behind a REQUEST authorizer of a WebSocket API: says who asks, and lets everybody as far as $connect, which
 * refuses. It throws only when it cannot find out (API Gateway answers 500, and the charger tries again).
 */
export const authorizer = (identify: (presented: Presented) => Promise<Identified>) =>
  lambda('authorizer', async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const headers = headersOf(event);
    const { stationId, context } = await identify({
      stationId: headers.get(STATION_HEADER),
      authorization: headers.get('authorization'),
      subProtocols: headers.get('sec-websocket-protocol'),
    });
    return {
      principalId: stationId,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
      },
      context,
    };
  });
