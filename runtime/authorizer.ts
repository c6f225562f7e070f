import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Granted, Presented } from '../use-cases/ports/station-credentials.ts';
import { lambda } from './lambda.ts';

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
  lambda(
    'authorizer',
    async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
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
    },
    [UNAUTHORIZED],
  );
