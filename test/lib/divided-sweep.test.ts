import { beforeAll, describe, expect, it } from 'vitest';
import { rights } from './rights.ts';
import { type Synthesized, synthesized } from './synthesized.ts';
import { propertiesOf, text } from './template-text.ts';

describe('a sweep divided over processes', () => {
  let app: Synthesized;
  beforeAll(() => {
    app = synthesized({ stage: 'prod', sweepSegments: '16' });
  });

  it('has a function for a segment, which the one of every minute may call and knows by name', () => {
    const functions = propertiesOf(app.template, 'AWS::Lambda::Function');
    const [segment, minute] = [/^SweepFleetSegment/, /^SweepFleetTask/].map(
      (name) => Object.entries(functions).find(([id]) => name.test(id))?.[1],
    );
    expect(segment).toMatchObject({ Handler: 'handler.segment', MemorySize: 1_769, Timeout: 50 });
    expect(text(JSON.stringify(minute?.Environment))).toMatch(/SEGMENT_FUNCTION.*SweepFleetSegment/);
    expect(minute).toMatchObject({ Environment: { Variables: { SEGMENTS: '16' } }, Timeout: 55 });
    const may = rights(app.template);
    expect(may.SweepFleetTaskRole).toContain('lambda:InvokeFunction <SweepFleetSegmentFunction.Arn>');
  });

  it('lets a segment read and write what it sweeps, and nothing of what is concluded from all of them', () => {
    const may = rights(app.template).SweepFleetSegmentRole ?? [];
    expect(may.filter((right) => !right.startsWith('logs:'))).toEqual([
      'dynamodb:BatchGetItem <TablesStations.Arn>',
      'dynamodb:BatchGetItem <TablesWindows.Arn>',
      'dynamodb:BatchWriteItem <TablesTimeline.Arn>',
      'dynamodb:DeleteItem <TablesAlerts.Arn>',
      'dynamodb:GetItem <TablesSettings.Arn>',
      'dynamodb:PutItem <TablesAlerts.Arn>',
      'dynamodb:PutItem <TablesTimeline.Arn>',
      'dynamodb:PutItem <TablesWindows.Arn>',
      'dynamodb:Query <TablesAlerts.Arn>',
      'dynamodb:Query <TablesConnectors.Arn>',
      'dynamodb:Query <TablesSessions.Arn>/index/byStation',
      'dynamodb:Query <TablesTimeline.Arn>',
      'dynamodb:Query <TablesWindows.Arn>',
      'dynamodb:Scan <TablesAlerts.Arn>/index/watched',
      'dynamodb:Scan <TablesConnectors.Arn>',
      'dynamodb:Scan <TablesSettings.Arn>',
      'dynamodb:Scan <TablesSites.Arn>/index/byConfigured',
      'dynamodb:Scan <TablesStations.Arn>',
      'kinesis:PutRecord <OcppStream.Arn>',
      'kms:Decrypt <WindowsKey.Arn>',
      'kms:GenerateDataKey <WindowsKey.Arn>',
      'timestream:DescribeEndpoints *',
      'timestream:Select <WindowsTable.Arn>',
      'timestream:WriteRecords <WindowsTable.Arn>',
    ]);
  });

  it('is refused with a number of segments that makes no sense', () => {
    for (const sweepSegments of ['0', 'four', '1000'])
      expect(() => synthesized({ stage: 'prod', sweepSegments })).toThrow('whole number from 1 to 256');
  });
});
