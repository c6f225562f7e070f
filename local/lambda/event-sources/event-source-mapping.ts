import { z } from 'zod';
import { arnOf, ignored, type ResourceKind } from '../../template/resource-kind.ts';

const Mapping = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  Enabled: z.boolean().default(true),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  MaximumRetryAttempts: z.number().default(-1),
  /** One batch per shard at a time. */
  ParallelizationFactor: z.literal(1).optional(),
  /** Queues have none. */
  StartingPosition: z.literal('TRIM_HORIZON').optional(),
  Tags: ignored,
  MetricsConfig: ignored,
});

export type MappingProperties = z.infer<typeof Mapping>;

export const eventSourceMapping: ResourceKind<MappingProperties> = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: Mapping,
  physical: (logicalId, _properties, account) => ({
    ref: logicalId,
    attributes: { Id: logicalId, EventSourceMappingArn: arnOf('lambda', `event-source-mapping:${logicalId}`, account) },
  }),
};
