import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { OcppStream } from '../../../lib/stores/ocpp-stream.ts';
import { SignalStream } from '../../../lib/stores/signal-stream.ts';
import { sandbox } from '../sandbox.ts';
import { propertiesOf } from '../template-text.ts';

it('is kept as long as frames are: its reader parks records at one age for both', () => {
  const { stack, deployment } = sandbox('prod');
  const longer = { ...deployment, stage: { ...deployment.stage, streamRetentionHours: 168, maxRecordAgeHours: 100 } };
  new SignalStream(stack, 'Signals', longer, new OcppStream(stack, 'Ocpp', longer));
  const streams = Object.values(propertiesOf(Template.fromStack(stack), 'AWS::Kinesis::Stream'));
  expect(streams.map(({ RetentionPeriodHours }) => RetentionPeriodHours)).toEqual([168, 168]);
});
