import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { describe, expect, it } from 'vitest';
import { ParkedRecords } from '../../../lib/constructs/parked-records.ts';
import { StreamConsumer } from '../../../lib/constructs/stream-consumer.ts';
import { TableStreamConsumer } from '../../../lib/constructs/table-stream-consumer.ts';
import { type StageName, stages } from '../../../lib/stages.ts';
import { rights } from '../rights.ts';
import { sandbox } from '../sandbox.ts';
import { propertiesOf, text } from '../template-text.ts';

type Env = { TABLE: string; PARKED_BUCKET: string; STAGE: string };

const ofStream = (name: StageName): Template => {
  const { stack, deployment } = sandbox(name);
  new StreamConsumer<Env>(stack, 'Read', {
    deployment,
    stream: new Stream(stack, 'Frames'),
    parked: new ParkedRecords(stack, 'Parked', deployment),
    entry: 'read-frames',
    environment: { TABLE: 'things' },
    maxLag: Duration.seconds(30),
  });
  return Template.fromStack(stack);
};

const table = (stack: ReturnType<typeof sandbox>['stack'], id: string, stream?: StreamViewType): Table =>
  new Table(stack, id, { partitionKey: { name: 'id', type: AttributeType.STRING }, ...(stream && { stream }) });

const ofTables = (name: StageName): Template => {
  const { stack, deployment } = sandbox(name);
  new TableStreamConsumer<Env>(stack, 'Follow', {
    deployment,
    tables: {
      Cars: table(stack, 'CarTable', StreamViewType.NEW_AND_OLD_IMAGES),
      Roads: table(stack, 'RoadTable', StreamViewType.NEW_AND_OLD_IMAGES),
    },
    parked: new ParkedRecords(stack, 'Parked', deployment),
    entry: 'follow-tables',
    environment: { TABLE: 'things' },
  });
  return Template.fromStack(stack);
};

/** What neither blocks on a poison record nor loses it looks like. */
const safe = (name: StageName) => ({
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  BisectBatchOnFunctionError: true,
  ParallelizationFactor: 1,
  BatchSize: stages[name].batchSize,
  MaximumBatchingWindowInSeconds: stages[name].batchWindowSeconds,
  StartingPosition: 'TRIM_HORIZON',
  DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching('^Parked'), 'Arn'] } } },
});

describe.each(['dev', 'prod'] as const)('a consumer of a stream on %s', (name) => {
  it('retries until a record is too old, halves its batches, answers in part and parks what remains', () => {
    const [source] = Object.values(propertiesOf(ofStream(name), 'AWS::Lambda::EventSourceMapping'));
    // Absent: as often as it takes. A number would be used up by an outage.
    expect(source).not.toHaveProperty('MaximumRetryAttempts');
    expect(source).toMatchObject({
      ...safe(name),
      MaximumRecordAgeInSeconds: stages[name].maxRecordAgeHours * 3_600,
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching('^Frames'), 'Arn'] },
    });
  });

  it('has the name of the bucket for parked records in its environment', () => {
    ofStream(name).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { TABLE: 'things', PARKED_BUCKET: { Ref: Match.stringLikeRegexp('^Parked') }, STAGE: name },
      },
    });
  });
});

describe.each(['dev', 'prod'] as const)('a consumer of change streams on %s', (name) => {
  it('has one mapping per table, each as safe, giving up before the 24 hours of a change stream are over', () => {
    const sources = Object.entries(propertiesOf(ofTables(name), 'AWS::Lambda::EventSourceMapping'));
    expect(sources.map(([id, { EventSourceArn }]) => [id, text(EventSourceArn)])).toEqual([
      ['FollowCarsSource', '<CarTable.StreamArn>'],
      ['FollowRoadsSource', '<RoadTable.StreamArn>'],
    ]);
    for (const [, source] of sources) {
      expect(source).toMatchObject(safe(name));
      expect(source.MaximumRecordAgeInSeconds).toBeLessThan(24 * 3_600);
    }
  });
});

describe('a consumer of change streams', () => {
  it('may read the streams of its tables, and not the tables', () => {
    expect(rights(ofTables('prod')).FollowConsumerRole?.filter((right) => right.startsWith('dynamodb:'))).toEqual([
      'dynamodb:DescribeStream <CarTable.StreamArn>',
      'dynamodb:DescribeStream <RoadTable.StreamArn>',
      'dynamodb:GetRecords <CarTable.StreamArn>',
      'dynamodb:GetRecords <RoadTable.StreamArn>',
      'dynamodb:GetShardIterator <CarTable.StreamArn>',
      'dynamodb:GetShardIterator <RoadTable.StreamArn>',
      'dynamodb:ListStreams <CarTable.StreamArn>',
      'dynamodb:ListStreams <RoadTable.StreamArn>',
    ]);
  });

  it('is not made for a table that has none', () => {
    const { stack, deployment } = sandbox('dev');
    const make = () =>
      new TableStreamConsumer<Env>(stack, 'Follow', {
        deployment,
        tables: { Tags: table(stack, 'TagTable') },
        parked: new ParkedRecords(stack, 'Parked', deployment),
        entry: 'follow-tables',
        environment: { TABLE: 'things' },
      });
    expect(make).toThrow('follow-tables cannot follow Tags: the table has no stream');
  });
});

describe('the alarms of a consumer', () => {
  it('rise at its lag, records about to expire, errors and records kept nowhere where the stage has alarms', () => {
    const alarms = (template: Template): unknown[] =>
      Object.entries(propertiesOf(template, 'AWS::CloudWatch::Alarm'))
        .filter(([id]) => id.startsWith('Read'))
        .map(([, { MetricName, Threshold }]) => [MetricName, Threshold]);
    expect(alarms(ofStream('prod'))).toEqual([
      ['Errors', 0],
      ['DestinationDeliveryFailures', 0],
      ['IteratorAge', 30_000],
      ['IteratorAge', (stages.prod.maxRecordAgeHours * 3_600_000) / 2],
    ]);
    expect(alarms(ofStream('dev'))).toEqual([]);
  });
});
