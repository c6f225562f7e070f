import { gunzipSync, gzipSync } from 'node:zlib';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { SegmentReport, SegmentSweep } from '../use-cases/ports/sweep/segment-sweep.ts';
import { callPolicies } from './call-policy.ts';
import { type OpenClient, openClient } from './open-client.ts';

/** A report as a function returns it: an answer may have 6 MB, and rows of neighbouring minutes are much alike. */
export type PackedReport = { readonly gzip: string };

export const packedReport = (report: SegmentReport): PackedReport => ({
  gzip: gzipSync(JSON.stringify(report), { level: 1 }).toString('base64'),
});

const unpackedReport = ({ gzip }: PackedReport): SegmentReport =>
  JSON.parse(gunzipSync(Buffer.from(gzip, 'base64')).toString('utf8'));

/** Segments swept by invocations of a Lambda function of their own, which share no processor. Rejects when one failed. */
export const segmentFunction = (functionName: string, open: OpenClient = openClient): SegmentSweep => {
  const client = open(LambdaClient, callPolicies.sweeping);
  return async (task) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: new TextEncoder().encode(JSON.stringify(task)) }),
    );
    const answer = new TextDecoder().decode(Payload);
    if (FunctionError !== undefined) throw new Error(`Segment ${task.segment.index}: ${answer}`);
    return unpackedReport(JSON.parse(answer));
  };
};
