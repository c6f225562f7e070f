import { z } from 'zod';
import type { ResourceKind } from '../template/resource-kind.ts';

const EventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().default(2),
  MaximumEventAgeInSeconds: z.number().default(6 * 3_600),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() }).optional(),
});
type EventInvokeConfig = z.infer<typeof EventInvokeConfig>;

export const eventInvokeConfig: ResourceKind<EventInvokeConfig> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: EventInvokeConfig,
  physical: (logicalId) => ({ ref: logicalId, attributes: {} }),
};

/** How one function's asynchronous invocations are retried, and where they go in the end. */
export type AsyncSettings = {
  readonly retries: number;
  readonly maximumAgeMs: number;
  readonly destination: string | undefined;
};

export const asyncSettings = (properties: EventInvokeConfig): AsyncSettings => ({
  retries: properties.MaximumRetryAttempts,
  maximumAgeMs: properties.MaximumEventAgeInSeconds * 1_000,
  destination: properties.DestinationConfig?.OnFailure?.Destination,
});

/** What the service does without an EventInvokeConfig. */
export const asyncDefaults: AsyncSettings = { retries: 2, maximumAgeMs: 6 * 3_600_000, destination: undefined };
