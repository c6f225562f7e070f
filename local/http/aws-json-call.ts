import { request } from 'node:http';
import { bodyOf, keepAliveAgent, ServiceError } from './http-server.ts';

/**
 * Calls an emulator that speaks the AWS JSON protocol (DynamoDB Local, kinesalite). The runtime needs a handful of
 * operations, in the very shapes Lambda hands to handlers, so it calls them plainly instead of through the SDK.
 */
export type AwsJsonCall = (target: string, input: object) => Promise<Record<string, unknown>>;

// Neither emulator verifies the signature, but both want to see one; the access key only names the database.
const authorization = (service: string, region: string) =>
  `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`;

/** Throws ServiceError with the service's own error code, e.g. ConditionalCheckFailedException. */
export const awsJsonCall = (port: number, service: 'dynamodb' | 'kinesis', region: string) => {
  const agent = keepAliveAgent(64);
  const version = service === 'dynamodb' ? '1.0' : '1.1';
  const headers = {
    'content-type': `application/x-amz-json-${version}`,
    authorization: authorization(service, region),
    'x-amz-date': '20260101T000000Z',
  };
  const call: AwsJsonCall = (target, input) =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(input);
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          agent,
          method: 'POST',
          headers: { ...headers, 'x-amz-target': target, 'content-length': Buffer.byteLength(payload) },
        },
        (response) => {
          bodyOf(response)
            .then((body) => {
              const answer = body.length === 0 ? {} : JSON.parse(body.toString());
              if (response.statusCode === 200) return resolve(answer);
              const type = String(answer.__type ?? 'UnknownError');
              const message = String(answer.message ?? answer.Message ?? type);
              return reject(new ServiceError(type.slice(type.indexOf('#') + 1), message, response.statusCode ?? 500));
            })
            .catch(reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  return { call, close: () => agent.destroy() };
};
