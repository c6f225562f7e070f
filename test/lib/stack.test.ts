import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { lambdaNames } from '../../lib/constructs/bundle.ts';
import { stages } from '../../lib/stages.ts';
import { rights } from './rights.ts';
import { synthesized } from './synthesized.ts';
import { plainId, propertiesOf, text } from './template-text.ts';

let dev: Template;
let prod: Template;
beforeAll(() => {
  dev = synthesized({ stage: 'dev' }).template;
  prod = synthesized({ stage: 'prod' }).template;
});

describe('the stream', () => {
  it.each(['dev', 'prod'] as const)('is encrypted, provisioned and kept as the %s stage says', (name) => {
    const [stream] = Object.values(propertiesOf(name === 'dev' ? dev : prod, 'AWS::Kinesis::Stream'));
    expect(stream).toMatchObject({
      ShardCount: stages[name].shards,
      RetentionPeriodHours: stages[name].streamRetentionHours,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
  });

  it.each(['dev', 'prod'] as const)('keeps records on %s longer than retries take', (name) => {
    expect(stages[name].streamRetentionHours).toBeGreaterThan(stages[name].maxRecordAgeHours);
  });
});

describe('the functions', () => {
  it('are one for each folder in lambdas/, and no others', () => {
    const all = synthesized({ stage: 'dev', openAdr: 'on' }).template;
    const described = Object.values(propertiesOf(all, 'AWS::Lambda::Function')).map(
      ({ Description }) => `${Description}`,
    );
    const folders = new Set(described.map((description) => description.split('.')[0]));
    expect([...folders].sort()).toEqual(lambdaNames());
  });

  it('that answers questions about the past has a core, and nearly as long as AppSync waits', () => {
    const found = Object.values(propertiesOf(prod, 'AWS::Lambda::Function')).filter(
      ({ Description }) => Description === 'query-history.handler',
    );
    expect(found).toMatchObject([{ MemorySize: 1_769, Timeout: 28 }]);
  });

  it('are let go on by Lambda where they send to the queue that invokes them, which looks like a loop, and nowhere else', () => {
    const may = rights(prod);
    const own = Object.values(propertiesOf(prod, 'AWS::Lambda::EventSourceMapping')).flatMap((mapping) => {
      const name = text(mapping.FunctionName).slice(1, -'Function>'.length);
      const sends = `sqs:SendMessage ${text(mapping.EventSourceArn)}`;
      return may[`${name}Role`]?.includes(sends) ? [`${name}Function`] : [];
    });
    const allowed = Object.entries(propertiesOf(prod, 'AWS::Lambda::Function')).flatMap(([id, { RecursiveLoop }]) =>
      RecursiveLoop === 'Allow' ? [plainId(id)] : [],
    );
    expect([own, allowed]).toEqual([['WakeMailboxesFunction'], ['WakeMailboxesFunction']]);
  });

  it('run on Node 24 on ARM, log as JSON without a line per call, into a group with a retention', () => {
    const functions = Object.values(propertiesOf(prod, 'AWS::Lambda::Function'));
    const groups = Object.values(propertiesOf(prod, 'AWS::Logs::LogGroup'));
    expect(functions.length).toBeGreaterThan(0);
    for (const one of functions)
      expect(one).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: { Ref: expect.any(String) } },
      });
    expect(groups.map(({ RetentionInDays }) => RetentionInDays)).toEqual(
      groups.map(() => stages.prod.logRetentionDays),
    );
  });
});

describe('the parked records', () => {
  it('are encrypted, private, and leave after their time', () => {
    const [bucket] = Object.values(propertiesOf(prod, 'AWS::S3::Bucket'));
    expect(bucket).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: stages.prod.parkedRetentionDays, Status: 'Enabled' }] },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
  });

  it('raise an alarm on prod and have none on dev', () => {
    const means = Object.values(propertiesOf(prod, 'AWS::CloudWatch::Alarm')).map(
      ({ AlarmDescription }) => AlarmDescription,
    );
    expect(means).toContainEqual(expect.stringContaining('A record was parked'));
    dev.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('the event bus', () => {
  it('archives our own events and nobody else’s', () => {
    dev.hasResourceProperties('AWS::Events::Archive', {
      EventPattern: { source: ['wattstream'] },
      RetentionDays: stages.dev.eventArchiveDays,
    });
  });
});

describe('the consumers of streams', () => {
  it.each(['dev', 'prod'])('wait for more records where nobody waits for them, on %s: for history only', (name) => {
    const template = name === 'dev' ? dev : prod;
    const described = propertiesOf(template, 'AWS::Lambda::Function');
    const waits = Object.values(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).flatMap((source) => {
      const windowSec = source.MaximumBatchingWindowInSeconds ?? 0;
      const called = text(source.FunctionName).slice(1, -1);
      return windowSec === 0 ? [] : [[described[called]?.Description, windowSec]];
    });
    expect(waits).toEqual([
      ['record-history.handler', 2],
      ['record-history.handler', 2],
    ]);
  });
});

describe('a stage for development', () => {
  it('has no key of its own and tells no custom metrics: both are billed by the month, used or not', () => {
    const told = (template: Template): unknown[] =>
      Object.values(propertiesOf(template, 'AWS::Lambda::Function')).flatMap(
        (properties) => /"METRICS":"(\w+)"/.exec(JSON.stringify(properties))?.[1] ?? [],
      );
    const keys = (template: Template): string[] => Object.keys(propertiesOf(template, 'AWS::KMS::Key'));
    const small = synthesized({ stage: 'dev', windowStore: 'dynamodb' }).template;
    expect([keys(small), told(small)]).toEqual([[], ['no']]);
    // Timestream keeps nothing without one.
    expect([keys(prod), told(prod)]).toEqual([['NotificationsKey', 'WindowsKey'], ['yes']]);
  });
});

describe('what is billed by the hour, or by the call', () => {
  const shards = (template: Template) =>
    Object.values(propertiesOf(template, 'AWS::Kinesis::Stream')).map(({ ShardCount, RetentionPeriodHours }) => [
      ShardCount,
      RetentionPeriodHours,
    ]);

  it('is one shard in all on dev, and on prod two for frames and one for signals; more than a day of each costs more', () => {
    expect([shards(dev), shards(prod)]).toEqual([
      [[1, 24]],
      [
        [2, 24],
        [1, 24],
      ],
    ]);
  });

  it('is no trace of the calls of prod', () => {
    const traced = Object.values(propertiesOf(prod, 'AWS::Lambda::Function')).filter(
      ({ TracingConfig }) => TracingConfig !== undefined,
    );
    expect(traced).toEqual([]);
  });
});

describe('the topics', () => {
  it('are encrypted with a key of the stack that is rotated, and refuse plain HTTP', () => {
    const topics = Object.values(propertiesOf(prod, 'AWS::SNS::Topic'));
    expect(topics.map(({ KmsMasterKeyId }) => text(KmsMasterKeyId))).toEqual([
      '<NotificationsKey.Arn>',
      '<NotificationsKey.Arn>',
    ]);
    prod.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    prod.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe('the outputs', () => {
  it('keep their names: operators and command-line tools look them up', () => {
    expect(Object.keys(dev.findOutputs('*')).sort()).toEqual([
      'AlertTopic',
      'AlertsTable',
      'CommandsTable',
      'ConnectorsTable',
      'CredentialsTable',
      'DemandResponseStateMachine',
      'EventBus',
      'GraphqlApiId',
      'GraphqlUrl',
      'GridTable',
      'MqttAuthorizer',
      'MqttBuildingPolicy',
      'MqttChargerPolicy',
      'OcppStream',
      'OcppUrl',
      'ParkedBucket',
      'SessionsTable',
      'SettingsTable',
      'SignalStream',
      'SitesTable',
      'StationsTable',
      'TagsTable',
      'TariffsTable',
      'TimelineTable',
      'WakeQueue',
      'WebsocketCallbackUrl',
      'WebsocketEndpoint',
      'WindowStore',
      'WindowsTable',
    ]);
  });

  it('tell what was told with -c, which cdk does not keep, and nothing where nothing was', () => {
    const told = { openAdr: 'on', sweepSegments: '4' };
    const { template } = synthesized({ stage: 'dev', ...told, leaveOut: 'x' });
    expect(JSON.parse(template.findOutputs('Context').Context?.Value)).toEqual(told);
    expect(dev.findOutputs('Context')).toEqual({});
  });

  it('name the topic of alarms where there are any', () => {
    expect(Object.keys(prod.findOutputs('*')).filter((name) => !(name in dev.findOutputs('*')))).toEqual([
      'OperationsTopic',
    ]);
  });
});

describe('data', () => {
  const kept = ['AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::S3::Bucket'];

  it.each(kept)('in %s outlives a prod stack and goes with a dev stack', (type) => {
    const policies = (template: Template): unknown[] =>
      Object.values(template.findResources(type)).map(({ DeletionPolicy, UpdateReplacePolicy }) => [
        DeletionPolicy,
        UpdateReplacePolicy,
      ]);
    expect(new Set(policies(prod).map(String))).toEqual(new Set(['RetainExceptOnCreate,Retain']));
    expect(new Set(policies(dev).map(String))).toEqual(new Set(['Delete,Delete']));
  });
});

describe('the template', () => {
  const everything = {
    stage: 'prod',
    openAdr: 'on',
    windowStore: 'timestream',
    sweepSegments: '8',
    domain: 'ocpp.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/one',
    mqttDomain: 'mqtt.example.com',
    mqttCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/other',
  };
  it.each([{ stage: 'dev' }, { stage: 'prod' }, everything])(
    'of %o is within what CloudFormation takes in one stack',
    (context) => {
      const template = synthesized(context).template.toJSON();
      // 500 resources and 1 MB of text, with room for what AWS adds to the text (code is inline here, too).
      expect(Object.keys(template.Resources).length).toBeLessThan(500);
      expect(JSON.stringify(template).length).toBeLessThan(950_000);
    },
  );
});

describe('a first deployment that fails', () => {
  const contexts = [{ stage: 'dev' }, { stage: 'prod' }, { stage: 'prod', windowStore: 'dynamodb' }];

  it.each(contexts)('leaves nothing of %o behind, and the next one can begin', (context) => {
    const { template, stack } = synthesized(context);
    const resources: Record<string, { DeletionPolicy?: string }> = template.toJSON().Resources;
    // 'Retain' keeps what was made before the failure; a protected table or stack stops the rollback.
    const left = Object.entries(resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    const protectedTables = Object.values(propertiesOf(template, 'AWS::DynamoDB::Table')).filter(
      ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled === true,
    );
    expect([left, protectedTables, stack.terminationProtection ?? false]).toEqual([[], [], false]);
  });
});

describe('the context', () => {
  it('names the stages there are when asked for another', () => {
    expect(() => synthesized({ stage: 'test' })).toThrow("Unknown stage 'test': use -c stage=dev or -c stage=prod");
  });

  it('names the window stores there are when asked for another', () => {
    expect(() => synthesized({ windowStore: 'sqlite' })).toThrow(
      /-c windowStore=timestream or -c windowStore=dynamodb/,
    );
  });

  it.each(['windowstore', 'sweepSegment', 'constructor'])(
    'says what it takes when told %s, which it would leave out',
    (key) => {
      expect(() => synthesized({ stage: 'dev', [key]: 'on' })).toThrow(
        new RegExp(`^Unknown context '${key}'\\. -c takes\\n  stage: dev or prod\\n  windowStore: `),
      );
    },
  );

  it('refuses a value that is empty, as of a variable that is not set: tokens for any client would be taken', () => {
    const context = { stage: 'dev', tokenIssuer: 'https://tokens.example.com', tokenClient: '' };
    expect(() => synthesized(context)).toThrow('-c tokenClient= is empty: give it a value, or leave it out');
  });

  it('leaves alone what the CDK keeps there', () => {
    const ofCdk = { 'aws:cdk:enable-path-metadata': 'true', '@aws-cdk/core:x': 'true', 'cli-telemetry': 'false' };
    expect(synthesized({ stage: 'dev', ...ofCdk }).stack.stackName).toBe('wattstream-dev');
  });

  it('means dev when it names no stage', () => {
    expect(synthesized({}).stack.stackName).toBe('wattstream-dev');
  });
});

describe('the window store', () => {
  const storeOf = (context: Readonly<Record<string, string>>) => {
    const { template } = synthesized(context);
    const recorder = Object.entries(propertiesOf(template, 'AWS::Lambda::Function')).find(([id]) =>
      id.startsWith('RecordHistory'),
    );
    const { Variables } = JSON.parse(JSON.stringify(recorder?.[1].Environment));
    return {
      location: text(Variables.WINDOW_STORE),
      databases: Object.keys(propertiesOf(template, 'AWS::Timestream::Database')),
      readsAndWrites: rights(template).RecordHistoryConsumerRole?.filter((right) => /[wW]indows/.test(right)),
    };
  };

  it('is Timestream where the account has it', () => {
    expect(storeOf({ windowStore: 'timestream' })).toEqual({
      location: 'timestream:<WindowsDatabase>/<WindowsTable.Name>+<TablesWindows>',
      databases: ['WindowsDatabase'],
      readsAndWrites: [
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:PutItem <TablesWindows.Arn>',
        'dynamodb:Query <TablesWindows.Arn>',
        'kms:Decrypt <WindowsKey.Arn>',
        'kms:GenerateDataKey <WindowsKey.Arn>',
        'timestream:Select <WindowsTable.Arn>',
        'timestream:WriteRecords <WindowsTable.Arn>',
      ],
    });
  });

  it('is the table of windows where it has not, and nothing of Timestream is made', () => {
    expect(storeOf({ windowStore: 'dynamodb' })).toEqual({
      location: 'dynamodb:<TablesWindows>',
      databases: [],
      readsAndWrites: [
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:PutItem <TablesWindows.Arn>',
        'dynamodb:Query <TablesWindows.Arn>',
      ],
    });
  });
});
