import * as z from 'zod';
import { Rejected } from '../../domain/kernel/rejected.ts';

/** A record of a stream that was parked, ready to be put back. */
export type ParkedItem =
  /** Of a stream in Kinesis: the text of an envelope, or of a record of a site. */
  | { readonly kind: 'record'; readonly partitionKey: string; readonly data: string }
  /** Of a table's change stream, as Lambda hands it over. */
  | { readonly kind: 'change'; readonly record: object };

/** What an object of the parked bucket holds. */
export type ParkedContent = {
  readonly reason: string;
  /** The stations (or other partition keys) it is about. */
  readonly about: readonly string[];
  readonly items: readonly ParkedItem[];
};

const OwnRecord = z.object({ source: z.string(), partitionKey: z.string(), reason: z.string(), data: z.string() });
const KinesisRecord = z.object({ kinesis: z.object({ partitionKey: z.string(), data: z.string() }) });
const ChangeRecord = z.looseObject({
  dynamodb: z.looseObject({ Keys: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
/** What Lambda writes at a failure destination: why, and the whole batch as text. */
const GivenUp = z.object({ requestContext: z.object({ condition: z.string() }), payload: z.string() });
const Batch = z.object({ Records: z.array(z.unknown()) });

/** A record of a batch, and what it is about. */
const readRecord = (record: unknown): { readonly about: string; readonly item: ParkedItem } => {
  const { success, data } = KinesisRecord.safeParse(record);
  if (success) {
    const { partitionKey, data: text } = data.kinesis;
    const item = { kind: 'record', partitionKey, data: Buffer.from(text, 'base64').toString('utf8') } as const;
    return { about: partitionKey, item };
  }
  const change = ChangeRecord.parse(record);
  const keys = Object.values(change.dynamodb.Keys).flatMap((value) => Object.values(value));
  return { about: keys.join('#'), item: { kind: 'change', record: change } };
};

const ofBatch = (text: string, reason: string): ParkedContent => {
  const records = Batch.parse(JSON.parse(text)).Records.map(readRecord);
  return { reason, about: [...new Set(records.map(({ about }) => about))], items: records.map(({ item }) => item) };
};

/** Reads an object of the parked bucket. Throws Rejected for one that holds no records of a stream. */
export const parkedContent = (text: string): ParkedContent => {
  try {
    const json: unknown = JSON.parse(text);
    const own = OwnRecord.safeParse(json);
    if (!own.success) {
      const { requestContext, payload } = GivenUp.parse(json);
      return ofBatch(payload, requestContext.condition);
    }
    const { source, partitionKey, reason, data } = own.data;
    const item: ParkedItem = source.includes(':dynamodb:')
      ? { kind: 'change', record: Object(JSON.parse(data)) }
      : { kind: 'record', partitionKey, data };
    return { reason, about: [partitionKey], items: [item] };
  } catch (error) {
    throw new Rejected('No records of a stream', { cause: error });
  }
};
