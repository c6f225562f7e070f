import { z } from 'zod';
import { ignored, type ResourceKind } from '../template/resource-kind.ts';

const EventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().default(2),
  MaximumEventAgeInSeconds: ignored,
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() }).optional(),
});

export const lambdaEventInvokeConfig: ResourceKind<z.infer<typeof EventInvokeConfig>> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: EventInvokeConfig,
  physical: (logicalId) => ({ ref: logicalId, attributes: {} }),
};

export type AsyncSettings = { readonly retries: number; readonly destination: string | undefined };

/** What the service does without an EventInvokeConfig. */
export const asyncDefaults: AsyncSettings = { retries: 2, destination: undefined };
