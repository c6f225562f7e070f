import type { Delivery } from '../stack/local-service.ts';

/** What Lambda leaves at a failure destination when it gives up. */
export type FailureRecord = {
  /** Where a bucket keeps it. */
  readonly objectKey: string;
  readonly record: { readonly [key: string]: unknown };
  /** The records of a stream as JSON text: told to buckets only, queues and topics learn where in the stream they stood. */
  readonly payload?: string;
};

/** The key of a failure in a bucket: aws/lambda/{source}/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-{uuid}. */
export const failureKey = (source: string, atMs: number, uuid: string): string => {
  const [date = '', time = ''] = new Date(atMs).toISOString().slice(0, 19).split('T');
  return `aws/lambda/${source}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${uuid}`;
};

/** What is handed to the destination, by ARN. */
export const failureDelivery = (destination: string, { objectKey, record, payload }: FailureRecord): Delivery =>
  destination.startsWith('arn:aws:s3:')
    ? { body: payload === undefined ? record : { ...record, payload }, objectKey }
    : { body: record };
