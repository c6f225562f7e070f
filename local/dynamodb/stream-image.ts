import { z } from 'zod';

const Attributes = z.record(z.string(), z.record(z.string(), z.unknown()));
const List = z.array(z.record(z.string(), z.unknown()));

const attribute = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  if (Object.keys(value).length === 0) return { M: {} };
  if (value.M !== undefined) return { M: streamImage(value.M) };
  if (value.L !== undefined) return { L: List.parse(value.L).map(attribute) };
  return value;
};

/**
 * An item as DynamoDB's streams tell it. DynamoDB Local's streams leave the type of an empty map out and say `{}` where
 * the service says `{"M":{}}`: every map gets its type back. Throws ZodError for what is no item.
 */
export const streamImage = (image: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(Attributes.parse(image)).map(([name, value]) => [name, attribute(value)]));
