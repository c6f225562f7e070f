import { backoffMs } from '../../async/retry.ts';
import type { CallPolicy } from '../../aws/call-policy.ts';
import type { OpenClient } from '../../aws/open-client.ts';
import type { LocalSystem } from '../../local/local-system.ts';
import type { Interferences } from '../faults/interference.ts';
import type { Trace } from '../trace.ts';
import type { ServiceRequest } from './role-rights.ts';

type Command = { readonly input: object };

/** A service where the SDK's client would send its commands to. */
export type Service = {
  readonly name: string;
  readonly send: (command: Command) => Promise<unknown>;
};

/** The instance of a function that makes requests. */
export type Caller = {
  readonly entry: string;
  readonly isAlive: () => boolean;
  readonly crash: () => void;
  /** What its role lacks for a request; undefined where the request is allowed. */
  readonly lackOfRights: (request: ServiceRequest) => string | undefined;
};

export type ClientPorts = {
  /** Services by the class of their client. */
  readonly services: ReadonlyMap<unknown, Service>;
  readonly system: LocalSystem;
  readonly interferences: Interferences;
  readonly trace: Trace;
  /** What a table is for, by its name. */
  readonly purposeOf: (table: string) => string;
  /** How long a request takes there and back, ms. */
  readonly latencyMs: () => number;
  /** Told of what ought not to be. */
  readonly report: (problem: string) => void;
};

/** The SDK's waits between attempts in its standard mode. */
const BACKOFF = { firstMs: 100, longestMs: 20_000 };
const THROTTLED = /throttl|toomanyrequests|provisionedthroughput|requestlimit|slowdown|limitexceeded|bandwidth/i;
const NETWORK = /^(TimeoutError|RequestTimeout|ECONN|EPIPE|ETIMEDOUT)/;

/** What the SDK tries again by itself. */
const isRetried = (error: unknown): boolean =>
  error instanceof Error &&
  (THROTTLED.test(error.name) ||
    NETWORK.test(error.name) ||
    ('code' in error && NETWORK.test(String(error.code))) ||
    ('$fault' in error && error.$fault === 'server'));

/** No answer, ever. One of its own for whoever waits for it: they would keep each other, and all of a run, from being forgotten. */
const never = (): Promise<never> => new Promise(() => {});

/** What the SDK throws when a service does not answer in time. */
const timeoutError = (requestMs: number): Error =>
  Object.assign(new Error(`Request did not complete within ${requestMs} ms`), { name: 'TimeoutError' });

/** What a service says of a request that the role of its function does not allow. */
const accessDenied = (lack: string): Error =>
  Object.assign(new Error(lack), { name: 'AccessDeniedException', $fault: 'client' });

/** Tables a request of DynamoDB names, the first of them. */
const tableIn = (input: object): string | undefined => {
  const { TableName, RequestItems, TransactItems } = input as {
    readonly TableName?: string;
    readonly RequestItems?: object;
    readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
  };
  return TableName ?? Object.keys(RequestItems ?? {})[0] ?? Object.values(TransactItems?.[0] ?? {})[0]?.TableName;
};

const operations = new Map<unknown, string>();
/** The operation of a command, by the name of its class. */
const operationOf = (command: Command): string => {
  const known = operations.get(command.constructor);
  if (known !== undefined) return known;
  const operation = command.constructor.name.replace(/Command$/, '');
  operations.set(command.constructor, operation);
  return operation;
};

/**
 * Clients as an instance of a function opens them: as patient as their policy, with the SDK's retries. A dead instance never
 * gets an answer, so that nothing it does comes after its end.
 */
export const simulatedClients = (caller: Caller, ports: ClientPorts): OpenClient => {
  const { services, system, interferences, trace, purposeOf, latencyMs, report } = ports;

  const once = async (service: Service, command: Command, waitMs: number): Promise<unknown> => {
    if (!caller.isAlive()) return never();
    const table = tableIn(command.input);
    const operation = operationOf(command);
    const purpose = table === undefined ? undefined : purposeOf(table);
    const what = `${caller.entry} ${service.name} ${operation} ${purpose ?? ''}`;
    const request = { entry: caller.entry, service: service.name, operation, table: purpose, crash: caller.crash };
    if (waitMs > 0) await system.sleep(waitMs);
    try {
      const before = interferences.request({ ...request, at: 'before' });
      if (before !== undefined) await before;
      if (!caller.isAlive()) return never();
      const lack = caller.lackOfRights({ service: service.name, operation, input: command.input });
      if (lack !== undefined) {
        report(`${caller.entry} is ${lack}`);
        throw accessDenied(lack);
      }
      const output = await service.send(command);
      const after = interferences.request({ ...request, at: 'after' });
      if (after !== undefined) await after;
      trace.note(what);
      return caller.isAlive() ? output : await never();
    } catch (error) {
      trace.note(`${what} ${error instanceof Error ? error.name : String(error)}`);
      if (!caller.isAlive()) return never();
      throw error;
    }
  };

  const inTime = (service: Service, command: Command, { requestMs, connectMs }: CallPolicy): Promise<unknown> => {
    const waitMs = latencyMs();
    // What is answered in this very instant needs nobody to watch the time.
    if (waitMs === 0 && interferences.areNone()) return once(service, command, waitMs);
    return new Promise((resolve, reject) => {
      const cancel = system.after(requestMs + connectMs, () => {
        if (caller.isAlive()) reject(timeoutError(requestMs));
      });
      once(service, command, waitMs).then(
        (output) => {
          cancel();
          resolve(output);
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  };

  const patiently = async (service: Service, command: Command, policy: CallPolicy): Promise<unknown> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await inTime(service, command, policy);
      } catch (error) {
        if (failures >= policy.attempts || !isRetried(error)) throw error;
        await system.sleep(backoffMs(failures, BACKOFF, system.random));
      }
    }
  };

  return (Service, policy) => {
    const service = services.get(Service);
    if (service === undefined) throw new Error(`The simulation has no ${Service.name}`);
    const send = (command: Command): Promise<unknown> => patiently(service, command, policy);
    // Paginators look at the class of the client they are given.
    return Object.assign(Object.create(Service.prototype), { send, config: {} });
  };
};
