import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { rights } from './rights.ts';
import { synthesized } from './synthesized.ts';
import { propertiesOf } from './template-text.ts';

let without: Template;
let on: Template;
beforeAll(() => {
  without = synthesized({ stage: 'prod' }).template;
  on = synthesized({ stage: 'prod', openAdr: 'on' }).template;
});

const idsOf = (template: Template): readonly string[] => Object.keys(template.toJSON().Resources);
const ownLog = (id: string): string[] => [`logs:CreateLogStream <${id}.Arn>`, `logs:PutLogEvents <${id}.Arn>`];

describe('OpenADR', () => {
  it('is off unless a stage is told to: no schedule, no address', () => {
    expect(idsOf(without).filter((id) => /openadr/i.test(id))).toEqual([]);
    expect(Object.keys(without.findOutputs('*')).filter((id) => /openadr/i.test(id))).toEqual([]);
    expect(Object.keys(propertiesOf(without, 'AWS::Lambda::Url'))).toEqual([]);
  });

  it('refuses a word that is neither on nor off', () => {
    expect(() => synthesized({ stage: 'dev', openAdr: 'yes' })).toThrow('-c openAdr=yes: on or off');
  });

  it('runs every minute and has an address that asks for no AWS credentials', () => {
    const schedules = Object.values(propertiesOf(on, 'AWS::Scheduler::Schedule')).map(({ Description }) => Description);
    expect(schedules).toContain('Runs poll-openadr');
    expect(Object.values(propertiesOf(on, 'AWS::Lambda::Url'))).toEqual([
      expect.objectContaining({ AuthType: 'NONE' }),
    ]);
  });

  it('holds no secret in its environment: the place of the credentials alone', () => {
    const functions = Object.values(propertiesOf(on, 'AWS::Lambda::Function'));
    const environments = functions
      .filter(({ Description }) => String(Description).startsWith('poll-openadr.'))
      .map(({ Environment }) => Object.keys((Environment as { Variables: object }).Variables).sort());
    const shared = [
      ...[
        'CONNECTORS_TABLE',
        'CREDENTIALS',
        'EVENT_BUS',
        'GRID_TABLE',
        'METER_INTERVAL_SEC',
        'SIGNAL_STREAM',
        'STAGE',
        'STATE_MACHINE',
        'STATIONS_TABLE',
      ],
    ];
    expect(environments.toSorted((one, other) => one.length - other.length)).toEqual([
      shared,
      ['CALLBACK_URL', ...shared],
    ]);
  });

  it('knows how often meters are read, as does all that looks at what zones draw', () => {
    const read = synthesized({ stage: 'prod', openAdr: 'on', meterIntervalSeconds: '300' }).template;
    const told = Object.values(propertiesOf(read, 'AWS::Lambda::Function')).flatMap(({ Description, Environment }) => {
      const { METER_INTERVAL_SEC: seconds } = (Environment as { Variables: Record<string, unknown> }).Variables;
      return seconds === undefined ? [] : [[String(Description).split('.')[0], seconds]];
    });
    expect(told.toSorted()).toEqual([
      ['poll-openadr', '300'],
      ['poll-openadr', '300'],
      ['respond-to-demand', '300'],
      ['serve-demand-response', '300'],
    ]);
  });

  it('may do exactly what is listed here', () => {
    const may = rights(on);
    const polling = [
      'dynamodb:BatchGetItem <TablesConnectors.Arn>',
      'dynamodb:BatchGetItem <TablesGrid.Arn>',
      'dynamodb:BatchGetItem <TablesStations.Arn>',
      'dynamodb:DeleteItem <TablesGrid.Arn>',
      'dynamodb:GetItem <TablesGrid.Arn>',
      'dynamodb:PutItem <TablesGrid.Arn>',
      'dynamodb:Query <TablesGrid.Arn>',
      'dynamodb:Query <TablesGrid.Arn>/index/byOpen',
      'dynamodb:Query <TablesStations.Arn>/index/byZone',
      'events:PutEvents <EventsBus.Arn>',
      'kinesis:PutRecords <SignalsStream.Arn>',
      'ssm:GetParameter arn::ssm:::parameter/wattstream/prod/openadr/*',
      'states:StartExecution <DemandResponseStateMachine>',
    ];
    const openAdr = Object.fromEntries(Object.entries(may).filter(([role]) => role.startsWith('PollOpenAdr')));
    expect(openAdr).toEqual({
      PollOpenAdrNotifiedRole: [...polling, ...ownLog('PollOpenAdrNotifiedLogs')].sort(),
      PollOpenAdrPollTaskRole: [...polling, ...ownLog('PollOpenAdrPollTaskLogs')].sort(),
      PollOpenAdrPollRole: [
        'lambda:InvokeFunction <PollOpenAdrPollTaskFunction.Arn>',
        'sqs:SendMessage <PollOpenAdrPollDeadLettersQueue.Arn>',
      ],
    });
  });

  it('has an alarm for a server that does not answer', () => {
    const descriptions = Object.values(propertiesOf(on, 'AWS::CloudWatch::Alarm')).map((one) => one.AlarmDescription);
    expect(descriptions).toContainEqual(expect.stringContaining('#an-openadr-server-does-not-answer'));
  });
});
