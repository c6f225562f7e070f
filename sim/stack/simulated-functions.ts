import { InvocationFailed } from '../../local/lambda/local-function.ts';
import type { LocalSystem } from '../../local/local-system.ts';
import type { Deployed, DeployedFunction } from './deployed.ts';
import type { ServiceRequest } from './role-rights.ts';
import { type ClientPorts, simulatedClients } from './simulated-clients.ts';
import { type Handler, wires } from './wires.ts';

export type SimulatedFunctions = {
  /** Runs a function by name or ARN; rejects with InvocationFailed when it fails, and with anything else when it is not invoked. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Ends instances: those of one function (its folder in `lambdas/`), or all. The next events find fresh ones. */
  readonly crash: (entry?: string) => void;
  /** Lets no event reach an instance that is there now: they end when they are done, as in a deployment. */
  readonly replace: () => void;
};

type Instance = {
  readonly handlers: Readonly<Record<string, Handler>>;
  isBusy: boolean;
  isAlive: boolean;
  /** Called when it is ended in the midst of its work. */
  died: (() => void) | undefined;
};

/** A fresh instance takes this long until it gets its first event, ms. */
const COLD_START_MS = 300;

/**
 * The deployed functions as Lambda runs them: one event at a time per instance, instances as many as it takes, cold at first;
 * time-outs and crashes end an instance with all it remembers.
 */
export const simulatedFunctions = ({ functions, rights }: Deployed, ports: ClientPorts): SimulatedFunctions => {
  const { system, interferences, trace } = ports;
  const byName = new Map(functions.map((one) => [one.name, one]));
  const instances = new Map<DeployedFunction, Set<Instance>>(functions.map((one) => [one, new Set()]));

  const end = (of: DeployedFunction, instance: Instance): void => {
    if (!instance.isAlive) return;
    instance.isAlive = false;
    instances.get(of)?.delete(instance);
    instance.died?.();
  };

  const start = (of: DeployedFunction): Instance => {
    const wire = wires[of.entry];
    if (wire === undefined) throw new Error(`lambdas/${of.entry} is not in sim/stack/wires.ts`);
    const caller = {
      entry: of.entry,
      isAlive: () => instance.isAlive,
      crash: () => {
        trace.note(`crash ${of.entry}`);
        end(of, instance);
      },
      lackOfRights: (request: ServiceRequest) => rights(of.role, request),
    };
    const open = simulatedClients(caller, ports);
    const sleep: LocalSystem['sleep'] = async (durationMs, signal) => {
      await system.sleep(durationMs, signal);
      if (!instance.isAlive) await new Promise<never>(() => {});
    };
    const instance: Instance = {
      handlers: wire(of.environment, { system: { clock: system.clock, random: system.random, sleep }, open }),
      isBusy: false,
      isAlive: true,
      died: undefined,
    };
    instances.get(of)?.add(instance);
    return instance;
  };

  const run = (of: DeployedFunction, instance: Instance, event: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const handler = instance.handlers[of.exported];
      if (handler === undefined) throw new Error(`lambdas/${of.entry} wires no ${of.exported}`);
      const failed = (name: string, message: string, stack = message): void => {
        trace.note(`failed ${of.entry} ${name}: ${message}`);
        reject(new InvocationFailed(of.name, { name, message, stack }));
      };
      const settled = (): void => {
        cancel();
        instance.isBusy = false;
        instance.died = undefined;
      };
      const cancel = system.after(of.timeoutMs, () => {
        instance.died = undefined;
        end(of, instance);
        failed('Sandbox.Timedout', `Task timed out after ${of.timeoutMs / 1_000} seconds`);
      });
      instance.isBusy = true;
      instance.died = () => {
        cancel();
        failed('Runtime.ExitError', 'The process of the function ended');
      };
      handler(event, { awsRequestId: system.uuid() }).then(
        (result) => {
          if (!instance.isAlive) return;
          settled();
          resolve(result);
        },
        (error: unknown) => {
          if (!instance.isAlive) return;
          settled();
          const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
          failed(name, message, stack);
        },
      );
    });

  return {
    invoke: async (functionArn, event) => {
      const of = byName.get(functionArn.replace(/^.*:function:/, ''));
      if (of === undefined) throw new Error(`No function ${functionArn}`);
      const waitMs = interferences.invoke(of);
      if (waitMs > 0) await system.sleep(waitMs);
      const idle = [...(instances.get(of) ?? [])].find(({ isBusy }) => !isBusy);
      if (idle !== undefined) return run(of, idle, event);
      const fresh = start(of);
      fresh.isBusy = true;
      await system.sleep(COLD_START_MS);
      if (!fresh.isAlive) throw new Error(`${of.name} could not start`);
      return run(of, fresh, event);
    },
    crash: (entry) => {
      for (const [of, all] of instances)
        if (entry === undefined || of.entry === entry) for (const instance of [...all]) end(of, instance);
    },
    replace: () => {
      for (const all of instances.values()) all.clear();
    },
  };
};
