import { behindProxies, type SetFault } from '../faults/behind-proxies.ts';
import type { StoreRequest } from '../faults/fault-proxy.ts';
import type { PollingMode } from '../lambda/event-sources/polling.ts';
import type { LocalProblem } from '../local-problem.ts';
import { type LocalSystem, localSystem } from '../local-system.ts';
import { readAssembly } from '../template/assembly.ts';
import { deploymentOf, UnsupportedTemplate } from '../template/deployment.ts';
import type { Account } from '../template/template.ts';
import type {
  BusEvent,
  Endpoints,
  LocalService,
  Log,
  MachineContext,
  Notification,
  RunningService,
  StackContext,
  StackCounts,
  StartService,
} from './local-service.ts';
import { localServices, startOf } from './local-services.ts';
import { resourceTypes } from './resource-types.ts';
import { stackContext } from './stack-context.ts';

export type StackOptions = {
  /** Cloud assembly (cdk.out) to run, or one that is being made. */
  readonly assembly: string | Promise<string>;
  /** Folder for files that last as long as the stack. */
  readonly folder: string;
  /** Folder for everything the stack answered with success, which the next start finds again. Default: nothing is kept. */
  readonly dataFolder?: string | undefined;
  /** Ports by the flag that chooses them. 0, the default: a free port. */
  readonly ports?: Readonly<Record<string, number>>;
  /** A line a Lambda wrote, or what went wrong inside the runtime (source 'local'). */
  readonly log?: Log;
  /** A notification somebody would have been sent. Default: logged. */
  readonly notified?: (notification: Notification) => void;
  /** How event sources come by the records of streams. Default: eager. */
  readonly polling?: PollingMode;
  /** Called when a batch of a stream goes to a function; its oldest record arrived then, ms since the epoch. */
  readonly handedOver?: StackContext['handedOver'];
  /** Default: the machine's. */
  readonly system?: LocalSystem;
  /** Whether outages can be played (`setFault`): Lambdas then reach every store through a proxy. */
  readonly faults?: boolean;
  /** Called for every request that goes through such a proxy: needs the option `faults`. */
  readonly requested?: (request: StoreRequest) => void;
};

export type LocalStack = {
  readonly endpoints: Endpoints;
  readonly region: string;
  /** The stack's outputs under their names on AWS; addresses lead to this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What a process needs in its environment for the AWS SDK to talk to this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly counts: () => StackCounts;
  /** Calls back for every event on any bus. */
  readonly onEvent: (listener: (busName: string, event: BusEvent) => void) => void;
  /** Puts an event on its bus again, as the replay of an archive does. */
  readonly replay: (busName: string, event: BusEvent, replayName: string) => Promise<void>;
  /** Plays the outage of a store to the Lambdas, until it is set to undefined. Needs the option `faults`. */
  readonly setFault: SetFault;
  /** Ends the process of a function in the midst of its work, by a part of its name. The next invocation starts another. */
  readonly crash: (functionName: string) => void;
  /** Resolves when a part is lost without which the rest cannot go on. */
  readonly broken: Promise<LocalProblem>;
  readonly stop: () => Promise<void>;
};

const localAccount = { region: 'eu-west-1', accountId: '000000000000' };

/** Runs a synthesized stack on this machine. Throws LocalProblem or UnsupportedTemplate, with nothing left running. */
export const startLocal = async (options: StackOptions): Promise<LocalStack> => {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    // The last to start is the first to stop: ways in and consumers before the stores behind them.
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  const log = options.log ?? (() => undefined);
  let problems = 0;
  try {
    const machine: MachineContext = {
      dataFolder: options.dataFolder,
      system: options.system ?? localSystem,
      onStop: (end) => stops.push(end),
      portOf: ({ flag }) => options.ports?.[flag] ?? 0,
    };
    const services = localServices.map((service) => ({ ...service, start: startOf(service, machine) }));
    const { stackName, template, assetPath } = readAssembly(await options.assembly);
    const account: Account = { ...localAccount, stackName };
    const deployment = deploymentOf(template, account, resourceTypes);
    const running = new Map<string, RunningService>();
    const context = stackContext(deployment, account, running, {
      ...machine,
      assetPath,
      folder: options.folder,
      log,
      polling: options.polling ?? 'eager',
      handedOver: options.handedOver ?? (() => undefined),
      notified: options.notified ?? (({ subject, message }) => log('sns', `${subject ?? ''} ${message}`)),
      report: (problem) => {
        problems += 1;
        log('local', problem);
      },
    });
    const { behind, setFault } = behindProxies(context.onStop, options.requested);
    await startServices(services, context, running, options.faults ? behind : async (_name, service) => service);
    const outputs = Object.entries(deployment.outputs()).map(([name, value]) => [
      name,
      context.rewritten(String(value)),
    ]);
    const started = [...running.values()];
    return {
      endpoints: endpointsOf(started),
      region: account.region,
      outputs: Object.fromEntries(outputs),
      environment: context.environment(),
      counts: () => ({
        connections: 0,
        messages: 0,
        lagMs: 0,
        sources: {},
        ...Object.assign({}, ...started.map(({ counts }) => counts?.())),
        problems,
      }),
      onEvent: (listener) => {
        for (const service of started) service.onEvent?.(listener);
      },
      replay: async (busName, event, replayName) => {
        for (const service of started) await service.replay?.(busName, event, replayName);
      },
      setFault,
      crash: (functionName) => context.reach('lambda', 'crash')(functionName),
      broken: Promise.race(started.flatMap(({ broken }) => broken ?? [])),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

type StartableService = Pick<LocalService, 'name' | 'kinds'> & { readonly start: StartService };

/** Starts the services the template has resources of, and those that need none, then lets them begin to reach each other. */
const startServices = async (
  services: readonly StartableService[],
  context: StackContext,
  running: Map<string, RunningService>,
  behind: (name: string, service: RunningService) => Promise<RunningService>,
): Promise<void> => {
  const { deployment } = context;
  for (const service of services)
    if (service.kinds.length === 0 || service.kinds.some(deployment.has))
      running.set(service.name, await behind(service.name, await service.start(context)));
  const forgotten = deployment.untaken();
  if (forgotten.length > 0) throw new Error(`No service takes ${forgotten.join(', ')}`);
  for (const { begin } of running.values()) await begin?.();
  await Promise.all([...running.values()].map(({ ready }) => ready));
};

const endpointNames = [
  'ocpp',
  'mqtt',
  'graphql',
  'apiKey',
  'tokens',
  'dynamodb',
] as const satisfies (keyof Endpoints)[];

const endpointsOf = (services: readonly RunningService[]): Endpoints => {
  const found: Partial<Endpoints> = Object.assign({}, ...services.map(({ endpoints }) => endpoints));
  const of = (name: keyof Endpoints): string => {
    const address = found[name];
    if (address === undefined) throw new UnsupportedTemplate([`It has nothing that serves ${name}`]);
    return address;
  };
  return Object.fromEntries(endpointNames.map((name) => [name, of(name)])) as Endpoints;
};
