import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { synthesized } from './synthesized.ts';
import { propertiesOf, text } from './template-text.ts';

const Dimensions = z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]);
const Alarm = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  Dimensions,
  Metrics: z
    .array(
      z.object({
        Expression: z.string().optional(),
        MetricStat: z.object({ Metric: z.object({ MetricName: z.string(), Dimensions }) }).optional(),
      }),
    )
    .default([]),
});

let prod: Template;
beforeAll(() => {
  prod = synthesized({ stage: 'prod', openAdr: 'on' }).template;
});

const alarms = () => Object.values(propertiesOf(prod, 'AWS::CloudWatch::Alarm')).map((alarm) => Alarm.parse(alarm));

/** Every metric that an alarm looks at: "name of dimension, ...". */
const watched = (): string[] =>
  alarms()
    .flatMap(({ MetricName, Dimensions: own, Metrics }) => [
      ...(MetricName === undefined ? [] : [{ MetricName, Dimensions: own }]),
      ...Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric])),
    ])
    .map((metric) => `${metric.MetricName} ${metric.Dimensions.map(({ Value }) => text(Value)).join(' ')}`);

const idsOf = (type: string): string[] => Object.keys(propertiesOf(prod, type));

describe('every alarm', () => {
  it('links to a section of the runbook, and every section has an alarm or a reminder that links to it', () => {
    const sections = [
      ...readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8').matchAll(/^## (.+)$/gm),
    ]
      .map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      )
      .toSorted();
    const reminders = Object.values(propertiesOf(prod, 'AWS::Scheduler::Schedule')).flatMap(
      ({ Target }) => z.object({ Input: z.string().optional() }).parse(Target).Input ?? [],
    );
    const links = [...alarms().map(({ AlarmDescription }) => AlarmDescription), ...reminders].map(
      (words) => / Runbook: docs\/runbook\.md#([a-z0-9-]+)$/.exec(words)?.[1] ?? `no link: ${words}`,
    );
    expect([...new Set(links)].toSorted()).toEqual(sections);
  });
});

describe('the alarms', () => {
  it('look at the throttling of every table and of every index', () => {
    const wanted = Object.entries(propertiesOf(prod, 'AWS::DynamoDB::Table')).flatMap(([table, properties]) => {
      const indexes = z
        .array(z.object({ IndexName: z.string() }))
        .default([])
        .parse(properties.GlobalSecondaryIndexes);
      // Dimensions of a metric are sorted by name.
      const names = [`<${table}>`, ...indexes.map(({ IndexName }) => `${IndexName} <${table}>`)];
      return names.flatMap((name) => [`WriteThrottleEvents ${name}`, `ReadThrottleEvents ${name}`]);
    });
    expect(wanted.filter((metric) => !watched().includes(metric))).toEqual([]);
  });

  it('look at errors and throttling of every function', () => {
    const wanted = idsOf('AWS::Lambda::Function').flatMap((id) => [`Errors <${id}>`, `Throttles <${id}>`]);
    expect(wanted.filter((metric) => !watched().includes(metric))).toEqual([]);
  });

  it('look at the share of failures of both authorizers, in which wrong passwords do not count', () => {
    const rates = alarms().filter(({ AlarmDescription }) => AlarmDescription.includes('#chargers-are-not-let-in'));
    const functions = rates.map(({ Metrics }) =>
      Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions.map(({ Value }) => text(Value)) ?? []),
    );
    expect(functions).toEqual([
      ['<GatewayAuthorizeStationFunction>', '<GatewayAuthorizeStationFunction>'],
      ['<GatewayAuthorizeMqttFunction>', '<GatewayAuthorizeMqttFunction>'],
    ]);
  });

  it('look at the age of records and at failures that cannot be kept, for every consumer of a stream', () => {
    const consumers = Object.values(propertiesOf(prod, 'AWS::Lambda::EventSourceMapping'))
      .filter(({ MaximumRecordAgeInSeconds }) => MaximumRecordAgeInSeconds !== undefined)
      .map(({ FunctionName }) => text(FunctionName));
    expect(consumers.length).toBeGreaterThan(0);
    for (const consumer of new Set(consumers))
      expect(
        watched()
          .filter((metric) => metric.endsWith(` ${consumer}`))
          .toSorted(),
      ).toEqual([
        `DestinationDeliveryFailures ${consumer}`,
        `Errors ${consumer}`,
        `IteratorAge ${consumer}`,
        `IteratorAge ${consumer}`,
        `Throttles ${consumer}`,
      ]);
  });

  it('look at failures that cannot be kept of every function that is called asynchronously with a destination', () => {
    const called = Object.values(propertiesOf(prod, 'AWS::Lambda::EventInvokeConfig'))
      .filter(({ DestinationConfig }) => DestinationConfig !== undefined)
      .map(({ FunctionName }) => text(FunctionName));
    expect(called.length).toBeGreaterThan(0);
    const wanted = called.flatMap((id) => [`DestinationDeliveryFailures ${id}`, `AsyncEventsDropped ${id}`]);
    expect(wanted.filter((metric) => !watched().includes(metric))).toEqual([]);
  });

  it('look at every dead-letter queue, and at what does not even get there', () => {
    const letters = idsOf('AWS::SQS::Queue').filter((id) => id.includes('DeadLetters'));
    expect(letters.length).toBeGreaterThan(0);
    const wanted = letters.map((id) => `ApproximateNumberOfMessagesVisible <${id}.QueueName>`);
    expect(wanted.filter((metric) => !watched().includes(metric))).toEqual([]);
    const first = alarms().filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
    expect(new Set(first.map(({ Threshold }) => Threshold))).toEqual(new Set([0]));
    const rules = Object.values(propertiesOf(prod, 'AWS::Events::Rule')).filter(({ Targets }) =>
      JSON.stringify(Targets).includes('DeadLetterConfig'),
    );
    const lost = watched().filter((metric) => metric.startsWith('InvocationsFailedToBeSentToDlq'));
    expect(lost).toHaveLength(rules.length);
  });

  it('name a rule of the bus as its metrics do, by the last part of its ARN and not by its Ref', () => {
    const ofBus = alarms().filter(
      ({ MetricName, Dimensions: of }) =>
        MetricName === 'InvocationsFailedToBeSentToDlq' && of.some(({ Name }) => Name === 'EventBusName'),
    );
    expect(ofBus.length).toBeGreaterThan(0);
    for (const { Dimensions: of } of ofBus)
      expect(of.map(({ Name, Value }) => [Name, text(Value)])).toEqual([
        ['EventBusName', expect.stringMatching(/^<.*Bus.*>$/)],
        ['RuleName', expect.stringMatching(/^<.+Rule\.Arn> split by \/, part 2$/)],
      ]);
  });

  it('do not ask for minutes in a row where the newest counts as 0 until its data have come', () => {
    const filled = alarms().filter(({ Metrics }) => Metrics.some(({ Expression }) => Expression?.includes('FILL')));
    expect(filled.length).toBeGreaterThan(0);
    const periods = filled.map((one) => [one.DatapointsToAlarm, one.EvaluationPeriods]);
    expect(new Set(periods.map(String))).toEqual(new Set(['3,5']));
  });

  it('look at a minute’s work that takes too long, and at one that does not run', () => {
    const minute = alarms().filter(({ AlarmDescription }) => AlarmDescription.includes('#the-minute-work-'));
    expect(minute.map(({ MetricName, Dimensions: of }) => [MetricName, of.map(({ Value }) => text(Value))])).toEqual([
      ['Duration', ['<SweepFleetTaskFunction>']],
      ['Invocations', ['<SweepFleetTaskFunction>']],
      ['Duration', ['<PollOpenAdrPollTaskFunction>']],
      ['Invocations', ['<PollOpenAdrPollTaskFunction>']],
    ]);
  });

  it('look at our own metrics of their stage alone: another stage of the account tells them too', () => {
    const ours = alarms().filter(({ Namespace }) => Namespace === 'Wattstream');
    expect(ours.map(({ MetricName, Dimensions: of }) => [MetricName, of])).toEqual([
      ['RecordsNotParked', [{ Name: 'Stage', Value: 'prod' }]],
      ['OpenAdrProblems', [{ Name: 'Stage', Value: 'prod' }]],
    ]);
  });

  it('rise before a minute’s work is cut off by its time-out', () => {
    const functions = propertiesOf(prod, 'AWS::Lambda::Function');
    const overruns = alarms().filter(({ MetricName }) => MetricName === 'Duration');
    expect(overruns).toHaveLength(2);
    for (const { Threshold, Dimensions: of } of overruns) {
      const timeoutSec = z.number().parse(functions[text(of[0]?.Value).slice(1, -1)]?.Timeout);
      expect(Threshold).toBeLessThan(timeoutSec * 1_000);
    }
  });
});
