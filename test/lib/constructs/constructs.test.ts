import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { describe, expect, it } from 'vitest';
import { BundledFunction } from '../../../lib/constructs/bundled-function.ts';
import { BusSubscription } from '../../../lib/constructs/bus-subscription.ts';
import { MinuteSchedule } from '../../../lib/constructs/minute-schedule.ts';
import { ParkedRecords } from '../../../lib/constructs/parked-records.ts';
import { TimestreamWindows } from '../../../lib/stores/timestream-windows.ts';
import { rights } from '../rights.ts';
import { sandbox } from '../sandbox.ts';
import { propertiesOf, text } from '../template-text.ts';

const queue = { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 };

describe('a schedule of every minute', () => {
  const { stack, deployment } = sandbox('prod');
  new MinuteSchedule<{ TABLE: string }>(stack, 'Sweep', {
    deployment,
    entry: 'sweep-fleet',
    environment: { TABLE: 'things' },
  });
  const template = Template.fromStack(stack);

  it('runs its function each minute, tries once more within it, and keeps what was not run', () => {
    const [schedule] = Object.values(propertiesOf(template, 'AWS::Scheduler::Schedule'));
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [expect.stringMatching('^SweepTaskFunction'), 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching('^SweepDeadLettersQueue'), 'Arn'] } },
      },
    });
    expect(Object.values(propertiesOf(template, 'AWS::SQS::Queue'))).toEqual([queue]);
  });

  it('may hear requests of others, and never replayed ones', () => {
    const { stack, deployment } = sandbox('prod');
    const called = new BundledFunction<object>(stack, 'Hear', { deployment, entry: 'hear', environment: {} });
    const bus = new EventBus(stack, 'Bus');
    const pattern = { detailType: ['CommandRequested'] };
    new BusSubscription(stack, 'Hearing', {
      deployment,
      bus,
      pattern,
      from: [{ 'anything-but': ['wattstream'] }],
      called,
    });
    const [rule] = Object.values(propertiesOf(Template.fromStack(stack), 'AWS::Events::Rule'));
    expect(rule).toMatchObject({
      EventPattern: {
        source: [{ 'anything-but': ['wattstream'] }],
        'detail-type': ['CommandRequested'],
        'replay-name': [{ exists: false }],
      },
    });
  });

  it('is not tried again by Lambda, nor kept for later when throttled: it would run beside the next minute', () => {
    expect(Object.values(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig'))).toMatchObject([
      { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    ]);
  });

  it('may run this function and fill this queue', () => {
    expect(rights(template).SweepRole).toEqual([
      'lambda:InvokeFunction <SweepTaskFunction.Arn>',
      'sqs:SendMessage <SweepDeadLettersQueue.Arn>',
    ]);
  });

  it('ends before its next run begins', () => {
    const [{ Timeout } = { Timeout: undefined }] = Object.values(propertiesOf(template, 'AWS::Lambda::Function'));
    expect(Timeout).toBeLessThan(60);
  });
});

describe('a subscription to the bus', () => {
  it('hears our events only and keeps what its function refuses', () => {
    const { stack, deployment } = sandbox('prod');
    const called = new BundledFunction<object>(stack, 'Hear', { deployment, entry: 'hear', environment: {} });
    const bus = new EventBus(stack, 'Bus');
    new BusSubscription(stack, 'Hearing', { deployment, bus, pattern: { detailType: ['SessionEnded'] }, called });
    const template = Template.fromStack(stack);
    const [rule] = Object.values(propertiesOf(template, 'AWS::Events::Rule'));
    expect(rule).toMatchObject({
      EventPattern: { source: ['wattstream'], 'detail-type': ['SessionEnded'] },
      Targets: [
        {
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching('^HearingDeadLetters'), 'Arn'] } },
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 86_400 },
        },
      ],
    });
    expect(Object.values(propertiesOf(template, 'AWS::SQS::Queue'))).toEqual([queue]);
  });

  it('keeps what its function has failed at three times, of which the bus hears nothing', () => {
    const { stack, deployment } = sandbox('prod');
    const called = new BundledFunction<object>(stack, 'Hear', { deployment, entry: 'hear', environment: {} });
    const bus = new EventBus(stack, 'Bus');
    new BusSubscription(stack, 'Hearing', { deployment, bus, pattern: { detailType: ['SessionEnded'] }, called });
    const template = Template.fromStack(stack);
    const deadLetters = { 'Fn::GetAtt': [expect.stringMatching('^HearingDeadLetters'), 'Arn'] };
    expect(Object.values(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig'))).toMatchObject([
      { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: deadLetters } } },
    ]);
    expect(rights(template).HearRole).toContain('sqs:SendMessage <HearingDeadLettersQueue.Arn>');
  });
});

describe('windows in Timestream', () => {
  const { stack, deployment } = sandbox('prod');
  const windows = new TimestreamWindows(stack, 'Windows', {
    deployment,
    parked: new ParkedRecords(stack, 'Parked', deployment),
  });
  const writer = new BundledFunction<object>(stack, 'Write', { deployment, entry: 'write', environment: {} });
  const reader = new BundledFunction<object>(stack, 'Read', { deployment, entry: 'read', environment: {} });
  windows.writableBy(writer);
  windows.readableBy(reader);
  const template = Template.fromStack(stack);

  it('are encrypted with a key of the stack and take what is older than their memory', () => {
    const [database] = Object.values(propertiesOf(template, 'AWS::Timestream::Database'));
    const [table] = Object.values(propertiesOf(template, 'AWS::Timestream::Table'));
    expect(text(database?.KmsKeyId)).toBe('<WindowsKey>');
    expect(table).toMatchObject({
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: String(deployment.stage.windowMemoryHours),
        MagneticStoreRetentionPeriodInDays: String(deployment.stage.windowMagneticDays),
      },
      MagneticStoreWriteProperties: {
        EnableMagneticStoreWrites: true,
        MagneticStoreRejectedDataLocation: {
          S3Configuration: { ObjectKeyPrefix: 'timestream/', EncryptionOption: 'SSE_S3' },
        },
      },
    });
  });

  it('are written by writers and read by readers', () => {
    const may = (role: string) => rights(template)[role]?.filter((right) => !right.startsWith('logs:'));
    expect(may('WriteRole')).toEqual([
      'kms:Decrypt <WindowsKey.Arn>',
      'kms:GenerateDataKey <WindowsKey.Arn>',
      'timestream:DescribeEndpoints *',
      'timestream:WriteRecords <WindowsTable.Arn>',
    ]);
    expect(may('ReadRole')).toEqual([
      'kms:Decrypt <WindowsKey.Arn>',
      'timestream:DescribeEndpoints *',
      'timestream:Select <WindowsTable.Arn>',
    ]);
  });
});
