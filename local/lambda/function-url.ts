import type { Server } from 'node:http';
import { z } from 'zod';
import { type HttpRequest, httpServer } from '../http/http-server.ts';
import { ignored, type ResourceKind } from '../template/resource-kind.ts';

const Url = z.strictObject({
  AuthType: z.literal('NONE', 'only function URLs without IAM run locally'),
  TargetFunctionArn: z.string(),
  InvokeMode: z.literal('BUFFERED').optional(),
  Cors: ignored,
  Qualifier: ignored,
});

/** The address of a function in AWS, which leads to this machine instead. */
export const urlOf = (logicalId: string): string => `https://${logicalId.toLowerCase()}.lambda-url.on.aws/`;

export const functionUrl: ResourceKind<z.infer<typeof Url>> = {
  type: 'AWS::Lambda::Url',
  properties: Url,
  physical: (logicalId) => ({ ref: urlOf(logicalId), attributes: { FunctionUrl: urlOf(logicalId) } }),
};

const Answer = z.object({
  statusCode: z.number().int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

/** A request as payload 2.0 has it, as far as handlers here read it. */
const eventOf = ({ method, url, headers, body }: HttpRequest) => ({
  version: '2.0',
  rawPath: url.pathname,
  rawQueryString: url.search.slice(1),
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  queryStringParameters: Object.fromEntries(url.searchParams),
  requestContext: { http: { method, path: url.pathname, protocol: 'HTTP/1.1' } },
  body: body.toString(),
  isBase64Encoded: false,
});

/** An HTTP server that hands every request to a function. */
export const functionUrlServer = (invoke: (event: unknown) => Promise<unknown>): Server =>
  httpServer(async (request) => {
    const { statusCode, headers, body } = Answer.parse(await invoke(eventOf(request)));
    return { status: statusCode, headers, body };
  });
