import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { z } from 'zod';
import { lambdaNames } from '../../lib/constructs/bundle.ts';
import type { StageName, WindowStoreKind } from '../../lib/stages.ts';
import { cdkApp, wattstreamApp } from '../../lib/wattstream-app.ts';

/** What of a stage's template is billed by itself, or sets what use of it costs. */
export type Deployed = {
  readonly streams: readonly { readonly shards: number; readonly retentionHours: number }[];
  /** Consumers with enhanced fan-out: each is billed for the shards of its stream, all of which have one here. */
  readonly fanOuts: number;
  /** Functions by 'entry.export', with their memory. */
  readonly memoryMiB: ReadonlyMap<string, number>;
  /** Per function and source: how long Lambda waits for more records. */
  readonly sources: readonly { readonly user: string; readonly kind: 'stream' | 'table'; readonly windowSec: number }[];
  /** Tables that can be restored to a second, in lower case. */
  readonly restorable: ReadonlySet<string>;
  readonly customerKeys: number;
  /** Metrics that alarms look at: each is billed. */
  readonly alarmMetrics: number;
  readonly traced: boolean;
  /** Whether the sweep tells custom metrics, which are billed by the month. */
  readonly tellsMetrics: boolean;
};

const Resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.any()).default({}) });
const Resources = z.record(z.string(), Resource);

const templateOf = (stage: StageName, windowStore: WindowStoreKind): z.infer<typeof Resources> => {
  // The construct library's own look at the template takes most of a synthesis.
  process.env.CDK_VALIDATION = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'wattstream-cost-'));
  try {
    const { app, stack } = wattstreamApp({
      app: cdkApp({ outdir, context: { stage, windowStore } }),
      now: Date.now(),
      bundleLambdas: () => ({ names: lambdaNames(), code: () => Code.fromInline('// not looked at') }),
    });
    return Resources.parse(app.synth().getStackByName(stack.stackName).template.Resources);
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** Reads what is billed from the template of a stage. */
export const deployed = (stage: StageName, windowStore: WindowStoreKind): Deployed => {
  const resources = templateOf(stage, windowStore);
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const functions = new Map(ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [id, Properties]));
  const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  return {
    streams: ofType('AWS::Kinesis::Stream').map(([, { Properties }]) => ({
      shards: Properties.ShardCount,
      retentionHours: Properties.RetentionPeriodHours,
    })),
    fanOuts: ofType('AWS::Kinesis::StreamConsumer').length,
    memoryMiB: new Map([...functions.values()].map(({ Description, MemorySize }) => [String(Description), MemorySize])),
    sources: ofType('AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) => {
      const called = functions.get(Properties.FunctionName?.Ref);
      const arn = JSON.stringify(Properties.EventSourceArn);
      if (called === undefined || !/Stream|FanOut/.test(arn)) return [];
      const user = String(called.Description).replace(/\.handler$/, '');
      const kind = /StreamArn/.test(arn) ? 'table' : 'stream';
      return [{ user, kind, windowSec: Properties.MaximumBatchingWindowInSeconds ?? 0 } as const];
    }),
    restorable: new Set(
      ofType('AWS::DynamoDB::Table')
        .filter(
          ([, { Properties }]) => Properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true,
        )
        .map(([id]) => /^Tables([A-Z][a-z]+)/.exec(id)?.[1]?.toLowerCase() ?? id),
    ),
    customerKeys: ofType('AWS::KMS::Key').length,
    alarmMetrics: alarms.reduce(
      (sum, { Metrics }) =>
        sum + Math.max(1, (Metrics ?? []).filter((one: { MetricStat?: unknown }) => one.MetricStat).length),
      0,
    ),
    tellsMetrics: [...functions.values()].some(({ Environment }) => Environment?.Variables?.METRICS === 'yes'),
    traced: [...functions.values()].some(({ TracingConfig }) => TracingConfig?.Mode === 'Active'),
  };
};
