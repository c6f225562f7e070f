import { type CallPolicy, clientConfig } from './call-policy.ts';

/** Makes a client of an AWS service that is as patient as the policy says. A simulation hands in clients of its own. */
export type OpenClient = <Client>(
  Service: new (configuration: never) => Client,
  policy: CallPolicy,
  settings?: object,
) => Client;

export const openClient: OpenClient = (Service, policy, settings) =>
  new Service({ ...clientConfig(policy), ...settings } as never);
