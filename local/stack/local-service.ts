import type { Server } from 'node:net';
import type { FrontDoor } from '../cloudfront/front-door.ts';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import type { Journal } from '../journal.ts';
import type { PollerState, ShardReader } from '../lambda/event-sources/poll-shards.ts';
import type { PollingMode } from '../lambda/event-sources/polling.ts';
import type { LocalProblem } from '../local-problem.ts';
import type { LocalSystem } from '../local-system.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Deployment } from '../template/deployment.ts';
import type { ResourceKind } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';

/** A line somebody wrote: a Lambda by its name, or the runtime itself as 'local'. */
export type Log = (source: string, line: string) => void;

/** A message people would have been sent. */
export type Notification = {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
};

/** What one service hands to a target of another: a function, stream, queue, topic or bucket. */
export type Delivery = {
  /** Becomes JSON. */
  readonly body: unknown;
  /** For streams. */
  readonly partitionKey?: string | undefined;
  /** For buckets. */
  readonly objectKey?: string | undefined;
};

/** What services do for one another. */
export type Abilities = {
  /** Runs a function by ARN and resolves with its result. Throws InvocationFailed. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Resolves when the target has taken it; a function runs later. */
  readonly deliver: (targetArn: string, delivery: Delivery) => Promise<void>;
  readonly readStream: (streamArn: string) => Promise<ShardReader>;
  /** Hands the messages of a queue over as they can be received. */
  readonly consumeQueue: Queues['consume'];
  /** Ends the process of a function, by a part of its name. */
  readonly crash: (functionName: string) => void;
  /** The service's own operations, without a way over HTTP. */
  readonly call: AwsJsonCall;
  readonly frontDoor: FrontDoor;
};

/** A port people or chargers connect to. */
export type PortOption = {
  /** Without dashes. */
  readonly flag: string;
  readonly usual: number;
  readonly serves: string;
};

export type Endpoints = {
  /** Chargers append their station id. */
  readonly ocpp: string;
  readonly mqtt: string;
  readonly graphql: string;
  readonly apiKey: string;
  /** The issuer of tokens. */
  readonly tokens: string;
  readonly dynamodb: string;
};

export type StackCounts = {
  /** Open WebSocket connections. */
  readonly connections: number;
  /** Frames chargers sent since the start. */
  readonly messages: number;
  /** How long the latest batch of stream records had waited, ms. */
  readonly lagMs: number;
  /** How far each event source of a stream is, by its id in the template. */
  readonly sources: Readonly<Record<string, PollerState>>;
  /** Records and events given up, and failures inside the runtime, since the start. */
  readonly problems: number;
};

export type BusEvent = { readonly [key: string]: unknown };

/** A service that has started: what it can do for others, and what it tells about itself. */
export type RunningService = Partial<Abilities> & {
  /** What makes the AWS SDK find it: AWS_ENDPOINT_URL_... */
  readonly environment?: Readonly<Record<string, string>>;
  /** Addresses the template makes up from ids, each with where it leads on this machine. */
  readonly addresses?: readonly (readonly [address: string, leadsTo: string])[];
  readonly endpoints?: Partial<Endpoints>;
  readonly counts?: () => Partial<StackCounts>;
  /** Calls back for every event on any bus. */
  readonly onEvent?: (listener: (busName: string, event: BusEvent) => void) => void;
  /** Puts an event that was on a bus on it again, as the replay of an archive does: marked with the name of the replay. */
  readonly replay?: (busName: string, event: BusEvent, replayName: string) => Promise<void>;
  /** Resolves when it can be used, where that takes longer than its start; the stack is up then. */
  readonly ready?: Promise<void>;
  /** Resolves if it ends without being asked to. */
  readonly broken?: Promise<LocalProblem>;
  /** Called once all services have started, in their order: from here on it may reach the others. */
  readonly begin?: () => Promise<void>;
};

/** One AWS service on this machine. It starts where a template has a resource of its kinds, or always if it has no kinds. */
export type LocalService = {
  /** As in ARNs. */
  readonly name: string;
  readonly kinds: readonly ResourceKind[];
  readonly port?: PortOption;
  /** Throws LocalProblem when this machine lacks what the service needs. */
  readonly check?: () => void;
} & (
  | { readonly start: StartService }
  /** One that takes long: it begins while the template is made, and is started with that. */
  | { readonly prepare: (machine: MachineContext) => StartService }
);

export type StartService = (stack: StackContext) => Promise<RunningService>;

/** What is known before there is a template. */
export type MachineContext = Pick<StackContext, 'dataFolder' | 'onStop' | 'portOf' | 'system'>;

/** What the services of a running stack share. */
export type StackContext = {
  readonly deployment: Deployment;
  readonly account: Account;
  readonly system: LocalSystem;
  readonly log: Log;
  readonly polling: PollingMode;
  /** A batch of a stream goes to a function; its oldest record arrived then, ms since the epoch. */
  readonly handedOver: (functionName: string, oldestArrivedAt: number) => void;
  /** Something failed or was given up: logged and counted. */
  readonly report: (problem: string) => void;
  readonly notified: (notification: Notification) => void;
  /** Folder for files that last as long as the stack. */
  readonly folder: string;
  /** Folder for what the next start finds again; undefined: nothing is kept. */
  readonly dataFolder: string | undefined;
  /** A journal in the data folder, closed when the stack stops; one that keeps nothing without a data folder. */
  readonly journal: <Entry>(name: string, current: () => Iterable<Entry>) => Promise<Journal<Entry>>;
  /** Folder or file of an asset of the template, by its object key. */
  readonly assetPath: (objectKey: string) => string;
  /** Name (Ref) and ARN of a resource. */
  readonly refOf: (logicalId: string) => string;
  readonly arnOf: (logicalId: string) => string;
  /** What another service can do, found by its name or an ARN of it. Throws when it does not run or cannot do that. */
  readonly reach: <Ability extends keyof Abilities>(nameOrArn: string, ability: Ability) => Abilities[Ability];
  /** What a process needs for the AWS SDK to talk to this stack. Complete once all services have started. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** A value of the template with the addresses of this machine. Complete once all services have started. */
  readonly rewritten: (value: string) => string;
  /** The port asked for; 0: any free one. */
  readonly portOf: (option: PortOption) => number;
  /** Starts to listen until the stack stops, without an option on any free port. */
  readonly open: (server: Server, option?: PortOption) => Promise<number>;
  /** Registers what ends a part; parts end in the reverse order of their registration. */
  readonly onStop: (stop: () => Promise<void> | void) => void;
};
