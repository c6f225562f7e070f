import { lambda } from './lambda.ts';

/** The part of a function URL's event (payload 2.0) that is used here. */
export type FunctionUrlEvent = {
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
};

type Request = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By name in lower case, as function URLs have them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** A Lambda behind a function URL. What it answers is text. */
export const onFunctionUrl = (
  name: string,
  answer: (request: Request) => Promise<{ readonly status: number; readonly text: string }>,
) =>
  lambda(name, async ({ rawPath, headers = {}, queryStringParameters = {}, requestContext }: FunctionUrlEvent) => {
    const { method } = requestContext.http;
    const { status, text } = await answer({ method, path: rawPath, query: queryStringParameters, headers });
    return { statusCode: status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
  });
