import { createContext, Script } from 'node:vm';

/** Against a loop without an end, no more: CloudFront counts the function's own work, a clock on a busy machine does not. */
const MAX_RUN_MS = 5_000;

/** The function's code as CloudFront runs it: a script without modules, network or timers whose `handler` is called. */
export const edgeFunction = (code: string) => {
  const context = createContext({ console: { log: () => undefined } });
  new Script(`${code}\n;globalThis.__handler = handler;`, { filename: 'cloudfront-function.js' }).runInContext(context);
  const call = new Script('__handler(JSON.parse(__event))', { filename: 'cloudfront-function.js' });
  return async (event: object): Promise<unknown> => {
    context.__event = JSON.stringify(event);
    const result: unknown = await call.runInContext(context, { timeout: MAX_RUN_MS });
    // Out of the other realm as plain data.
    return JSON.parse(JSON.stringify(result));
  };
};
