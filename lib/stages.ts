import type { Access } from './access.ts';

/** Which adapter keeps the windows. Timestream for LiveAnalytics takes no accounts that did not use it before 2025-06-20. */
export type WindowStoreKind = 'timestream' | 'dynamodb';

/** How the sweep of the fleet is divided by station. */
export type Sweep = { readonly segments: number } & (
  | { readonly isDivided: false }
  /** Each segment is swept by an invocation of its own; 1,769 MiB have a processor to themselves. */
  | { readonly isDivided: true; readonly segmentMemoryMiB: number }
);

/** Everything that may differ between two deployments of the same stack. */
export type Stage = {
  /** Kinesis: 1 MB/s or 1,000 records/s each. */
  readonly shards: number;
  /**
   * Shards of the stream of signals and site events; 0: a small stage has them on the stream of OCPP frames. One bears 15,000
   * sites at a reading every 15 s. With more, the functions that read them take turns with each other's sites, and each turn
   * costs a read.
   */
  readonly signalShards: number;
  /**
   * Whether signals are pushed to their function (enhanced fan-out, about 70 ms) instead of being asked for once a second. $11 a
   * month per shard; only for a stream of their own.
   */
  readonly signalFanOut: boolean;
  /** Of both streams. */
  readonly streamRetentionHours: number;
  /** Records are retried until they are older than this, and then parked; well inside the retention. */
  readonly maxRecordAgeHours: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  /** Prefix of every guard: raise it when the stream is replaced, because a new stream counts from the start. */
  readonly streamEpoch: number;
  readonly gatewayMemoryMiB: number;
  readonly projectorMemoryMiB: number;
  /** How the work of every minute is divided (docs/scaling.md). */
  readonly sweep: Sweep;
  /** Steady messages per second of all chargers, and the burst on top (a whole network coming back). */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** What the authority to charge is for a tag nobody registered. */
  readonly unknownTags: 'refuse' | 'accept';
  /** Told to chargers at boot: below the ten minutes after which API Gateway closes a silent socket. */
  readonly heartbeatIntervalSeconds: number;
  /** How often chargers send meter values: what is asked of them cannot be seen sooner. */
  readonly meterIntervalSeconds: number;
  /** Keep tables, stream and bucket when the stack is deleted, and protect stack and tables after a deployment. */
  readonly keepData: boolean;
  readonly logRetentionDays: 7 | 30 | 90;
  readonly parkedRetentionDays: number;
  readonly eventArchiveDays: number;
  /** CloudWatch alarms with an operations topic. */
  readonly alarms: boolean;
  /** X-Ray follows Lambdas: 5% of all calls, a share Lambda does not let anyone lower. Off where that costs more than it tells. */
  readonly traced: boolean;
  /**
   * Whether every station is asked for what it can do after it booted with new firmware, not only those of controlled sites.
   * Off: what we ask unbidden may come between an operator, or a conformance test, and the station. What anybody asks is
   * learnt from either way.
   */
  readonly asksCapabilities: boolean;
  /** Whether OpenADR 3 servers are followed: a Lambda every minute, and an address they may notify. */
  readonly openAdr: boolean;
  readonly access: Access;
  readonly windowStore: WindowStoreKind;
  readonly windowMemoryHours: number;
  readonly windowMagneticDays: number;
  /** What the account must allow in the region, checked before a deployment; new accounts have 10 executions at a time. */
  readonly needs: {
    /** Lambda executions at a time: one per shard and change-stream shard, and one per message being answered. */
    readonly lambdaConcurrency: number;
    /** Chargers that connect in one second: a whole network coming back. */
    readonly newConnectionsPerSecond: number;
  };
};

export const stages = {
  dev: {
    shards: 1,
    signalShards: 0,
    signalFanOut: false,
    streamRetentionHours: 24,
    maxRecordAgeHours: 12,
    batchSize: 100,
    batchWindowSeconds: 0,
    streamEpoch: 1,
    gatewayMemoryMiB: 512,
    projectorMemoryMiB: 512,
    sweep: { segments: 2, isDivided: false },
    messagesPerSecond: 500,
    messageBurst: 500,
    unknownTags: 'refuse',
    heartbeatIntervalSeconds: 540,
    meterIntervalSeconds: 60,
    keepData: false,
    logRetentionDays: 7,
    parkedRetentionDays: 30,
    eventArchiveDays: 7,
    alarms: false,
    traced: true,
    asksCapabilities: false,
    openAdr: false,
    access: {
      roleClaim: 'role',
      nameClaim: 'sub',
      // Whoever has credentials of a development account may do everything in it.
      iamRoles: [{ arn: 'arn:aws:*:*:*:*', role: 'administrator' }],
    },
    windowStore: 'timestream',
    windowMemoryHours: 24,
    windowMagneticDays: 7_300,
    needs: { lambdaConcurrency: 50, newConnectionsPerSecond: 20 },
  },
  prod: {
    // 10,000 chargers put 30 records a second, and 20 times as many when all of them come back.
    shards: 2,
    signalShards: 1,
    signalFanOut: true,
    // What is older is parked, from where it can be put again. Keeping records longer costs more than a second shard.
    streamRetentionHours: 24,
    maxRecordAgeHours: 20,
    batchSize: 250,
    batchWindowSeconds: 0,
    streamEpoch: 1,
    gatewayMemoryMiB: 1024,
    projectorMemoryMiB: 1024,
    sweep: { segments: 4, isDivided: false },
    messagesPerSecond: 5_000,
    messageBurst: 5_000,
    unknownTags: 'refuse',
    heartbeatIntervalSeconds: 540,
    meterIntervalSeconds: 60,
    keepData: true,
    logRetentionDays: 90,
    parkedRetentionDays: 365,
    eventArchiveDays: 90,
    alarms: true,
    traced: false,
    asksCapabilities: false,
    openAdr: false,
    access: {
      roleClaim: 'role',
      nameClaim: 'sub',
      iamRoles: [
        { arn: 'arn:aws:sts::*:assumed-role/wattstream-operator/*', role: 'operator' },
        { arn: 'arn:aws:sts::*:assumed-role/wattstream-administrator/*', role: 'administrator' },
      ],
    },
    windowStore: 'timestream',
    windowMemoryHours: 48,
    windowMagneticDays: 7_300,
    needs: { lambdaConcurrency: 500, newConnectionsPerSecond: 500 },
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

/** Narrows a context value to a stage's name; says which names there are when it is none. */
export const stageName = (text: string): StageName => {
  if (text === 'dev' || text === 'prod') return text;
  throw new Error(`Unknown stage '${text}': use -c stage=${Object.keys(stages).join(' or -c stage=')}`);
};

/** Narrows a context value to a window store; says which there are when it is none. */
export const windowStoreKind = (text: string): WindowStoreKind => {
  if (text === 'timestream' || text === 'dynamodb') return text;
  throw new Error(`Unknown window store '${text}': use -c windowStore=timestream or -c windowStore=dynamodb`);
};
