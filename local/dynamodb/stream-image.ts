type Attributes = Readonly<Record<string, unknown>>;

const attributes = (value: unknown): Attributes => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Attributes;
  throw new TypeError(`A stream tells ${JSON.stringify(value)} where attributes are expected`);
};

const elements = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new TypeError(`A stream tells ${JSON.stringify(value)} where a list is expected`);
};

const attribute = (value: unknown): Attributes => {
  const typed = attributes(value);
  if (Object.keys(typed).length === 0) return { M: {} };
  if (typed.M !== undefined) return { M: streamImage(typed.M) };
  if (typed.L !== undefined) return { L: elements(typed.L).map(attribute) };
  return typed;
};

/**
 * An item as DynamoDB's streams tell it. DynamoDB Local's streams leave the type of an empty map out and say `{}` where
 * the service says `{"M":{}}`: every map gets its type back. Throws TypeError for what is no item. Every change of an item
 * passes here, several times: it is checked by hand, as a schema takes much longer.
 */
export const streamImage = (image: unknown): Attributes =>
  Object.fromEntries(Object.entries(attributes(image)).map(([name, value]) => [name, attribute(value)]));
