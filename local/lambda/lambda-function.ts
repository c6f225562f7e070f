import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const FunctionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.union([z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }), z.strictObject({ ZipFile: z.string() })]),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs/, 'the local runtime runs Node.js functions only'),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) })
    .optional(),
  Architectures: ignored,
  Description: ignored,
  LoggingConfig: ignored,
  // Loops are not looked for here: what Lambda is told to let be runs on.
  RecursiveLoop: z.literal('Allow').optional(),
  ReservedConcurrentExecutions: ignored,
  Role: ignored,
  Tags: ignored,
  TracingConfig: ignored,
  DeadLetterConfig: ignored,
});

export type FunctionProperties = z.infer<typeof FunctionProperties>;

export const lambdaFunction: ResourceKind<FunctionProperties> = {
  type: 'AWS::Lambda::Function',
  properties: FunctionProperties,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'FunctionName', property, account);
    return { ref: name, attributes: { Arn: arnOf('lambda', `function:${name}`, account) } };
  },
};
