import { type CallPolicy, callPolicies, clientConfig } from './call-policy.ts';

/** Makes a client of an AWS service that is as patient as the policy says. A simulation hands in clients of its own. */
export type OpenClient = <Client>(
  Service: new (configuration: never) => Client,
  policy: CallPolicy,
  settings?: object,
) => Client;

/** For clients of many requests: their chain of work is put together once for a kind of command, and not for each. */
export const manyRequests = { cacheMiddleware: true } as const;

/** Work of the SDK on every request that nobody here has use for. */
const unused = [
  // Copies input and output for a logger, and there is none.
  'loggerMiddleware',
  // Words the SDK, the platform and what it makes use of into a header, for AWS's statistics.
  'getUserAgentMiddleware',
] as const;

type WithStack = { readonly middlewareStack: { readonly remove: (name: string) => boolean } };

/** The client without what is unused. */
export const withoutUnused = <Client extends WithStack>(client: Client): Client => {
  for (const name of unused) client.middlewareStack.remove(name);
  return client;
};

export const openClient: OpenClient = <Client>(
  Service: new (configuration: never) => Client,
  policy: CallPolicy,
  settings?: object,
): Client => {
  const client = new Service({ ...clientConfig(policy), ...settings } as never);
  withoutUnused(client as WithStack);
  return client;
};

/** For command-line tools: nobody waits for an answer but a person, who would rather wait than begin again. */
export const openPatiently: OpenClient = (Service, _policy, settings) =>
  openClient(Service, callPolicies.operator, settings);
