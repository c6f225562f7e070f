/** How well a price is known. */
export type Confidence = 'official' | 'dated copy' | 'unverified';

export type Price = {
  /** USD for one unit. */
  readonly usd: number;
  readonly unit: string;
  readonly source: string;
  /** When the source said so. */
  readonly asOf: string;
  readonly confidence: Confidence;
};

const price = (usd: number, unit: string, source: string, asOf: string, confidence: Confidence): Price => ({
  usd,
  unit,
  source,
  asOf,
  confidence,
});

const dynamodb = 'github.com/aws/agent-toolkit-for-aws, calculate_costs.py';
const apiGateway = 'aws.amazon.com/api-gateway/pricing';
const kinesis = 'aws.amazon.com/kinesis/data-streams/pricing';
const lambda = 'aws.amazon.com/lambda/pricing';
const memory = 'not looked up: to be checked before it is quoted';

/** On-demand prices of us-east-1 without the free tier, copied on 2026-11-20. */
export const prices = {
  socketMessage: price(1e-6, 'message of up to 32 KB', apiGateway, '2026-09-20', 'official'),
  socketMessageBeyond: price(
    0.8e-6,
    'message beyond the first 1,000 million of a month',
    'AWS Pricing API, SKU 3Y5E3ETY2M5CMHYP',
    '2025-10',
    'official',
  ),
  connectionMinute: price(0.25e-6, 'minute of a socket', apiGateway, '2026-09-20', 'official'),
  invocation: price(0.2e-6, 'Lambda request', lambda, '2026-05-11', 'dated copy'),
  gbSecond: price(13.3334e-6, 'GB-second of Lambda on arm64', lambda, '2026-05-11', 'dated copy'),
  shardHour: price(0.015, 'Kinesis shard-hour', kinesis, '2026-05-05', 'dated copy'),
  extendedShardHour: price(
    0.02,
    'Kinesis shard-hour with more than 24 h of retention',
    memory,
    '2026-11-20',
    'unverified',
  ),
  putUnit: price(0.014e-6, 'Kinesis PUT payload unit of 25 KB', kinesis, '2026-05-05', 'dated copy'),
  writeUnit: price(0.625e-6, 'DynamoDB write request unit of 1 KB', dynamodb, '2026-08-20', 'official'),
  readUnit: price(0.125e-6, 'DynamoDB read request unit of 4 KB', dynamodb, '2026-08-20', 'official'),
  tableGbMonth: price(0.25, 'GB-month in DynamoDB', dynamodb, '2026-08-20', 'official'),
  recoveryGbMonth: price(0.2, 'GB-month under point-in-time recovery', memory, '2026-11-20', 'unverified'),
  rareTableGbMonth: price(0.1, 'GB-month in a DynamoDB table of infrequent access', memory, '2026-11-21', 'unverified'),
  rareWriteUnit: price(
    0.78e-6,
    'write request unit of a table of infrequent access',
    memory,
    '2026-11-21',
    'unverified',
  ),
  rareReadUnit: price(
    0.155e-6,
    'read request unit of a table of infrequent access',
    memory,
    '2026-11-21',
    'unverified',
  ),
  event: price(1e-6, 'EventBridge event, by 64 KB', 'cloudburn.io', '2026-06-13', 'dated copy'),
  archivedGb: price(0.1, 'GB into the archive of EventBridge', 'cloudburn.io', '2026-03-13', 'dated copy'),
  archiveGbMonth: price(0.023, 'GB-month in the archive of EventBridge', 'cloudburn.io', '2026-03-13', 'dated copy'),
  schedule: price(1e-6, 'invocation by EventBridge Scheduler', 'cloudburn.io', '2026-03-13', 'dated copy'),
  queueRequest: price(0.4e-6, 'SQS request', memory, '2026-11-20', 'unverified'),
  objectListing: price(5e-6, 'S3 LIST or PUT request', memory, '2026-11-20', 'unverified'),
  logGb: price(0.5, 'GB into CloudWatch Logs', memory, '2026-11-20', 'unverified'),
  alarmMonth: price(0.1, 'metric of a CloudWatch alarm, a month', memory, '2026-11-20', 'unverified'),
  trace: price(5e-6, 'trace recorded by X-Ray', memory, '2026-11-20', 'unverified'),
  keyMonth: price(1, 'customer key of KMS, a month', memory, '2026-11-20', 'unverified'),
  edgeFunction: price(0.1e-6, 'CloudFront Function invocation', memory, '2026-11-20', 'unverified'),
  edgeRequest: price(1e-6, 'HTTPS request at CloudFront', memory, '2026-11-20', 'unverified'),
  edgeGb: price(0.085, 'GB from CloudFront to the internet', memory, '2026-11-20', 'unverified'),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;
