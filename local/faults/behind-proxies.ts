import { urlAt } from '../http/http-server.ts';
import type { RunningService, StackContext } from '../stack/local-service.ts';
import { type Fault, type FaultProxy, faultProxy, type StoreRequest } from './fault-proxy.ts';

/** Switches the fault of a service on and off. Throws for a service that has no address. */
export type SetFault = (service: string, fault: Fault | undefined) => Promise<void>;

/**
 * Puts a proxy in front of every address a service gives to the AWS SDK, so that its outages can be played. Lambdas come
 * through it; what the runtime itself does with a store, reading its streams for one, goes past it.
 */
export const behindProxies = (onStop: StackContext['onStop'], requested?: (request: StoreRequest) => void) => {
  const proxies = new Map<string, readonly FaultProxy[]>();
  const behind = async (service: string, running: RunningService): Promise<RunningService> => {
    const addresses = [...new Set(Object.values(running.environment ?? {}))];
    const own = await Promise.all(
      addresses.map((address) => faultProxy(service, Number(new URL(address).port), requested)),
    );
    for (const proxy of own) onStop(proxy.stop);
    proxies.set(service, own);
    const through = new Map(addresses.map((address, index) => [address, urlAt(own[index]?.port ?? 0)]));
    const environment = Object.entries(running.environment ?? {}).map(([name, address]) => [
      name,
      through.get(address) ?? address,
    ]);
    return { ...running, environment: Object.fromEntries(environment) };
  };
  const setFault: SetFault = async (service, fault) => {
    const own = proxies.get(service) ?? [];
    if (own.length === 0) throw new Error(`No store called ${service}: ${[...proxies.keys()].join(', ')}`);
    await Promise.all(own.map((proxy) => proxy.set(fault)));
  };
  return { behind, setFault };
};
