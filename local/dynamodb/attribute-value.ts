/** DynamoDB's attribute values in JSON, as AppSync's toDynamoDB makes them and its data source reads them. */
export type AttributeValue = { readonly [type: string]: unknown };

/** A plain value as an attribute value. Throws on what JSON cannot carry. */
export const toAttributeValue = (value: unknown): AttributeValue => {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttributeValue) };
  if (typeof value === 'object') return { M: toMapValues(value) };
  throw new Error(`A ${typeof value} has no attribute value`);
};

export const toMapValues = (values: object): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, toAttributeValue(value)]),
  );

/** The plain value: numbers as numbers, sets as lists. */
export const fromAttributeValue = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) throw new Error(`Not an attribute value: ${JSON.stringify(value)}`);
  const [type = '', content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
    case 'B':
    case 'BOOL':
    case 'SS':
    case 'BS':
      return content;
    case 'N':
      return Number(content);
    case 'NS':
      return Array.isArray(content) ? content.map(Number) : content;
    case 'NULL':
      return null;
    case 'L':
      return Array.isArray(content) ? content.map(fromAttributeValue) : content;
    case 'M':
      return fromItem(content);
    default:
      throw new Error(`Unknown attribute type ${type}`);
  }
};

export const fromItem = (item: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item ?? {}).map(([key, value]) => [key, fromAttributeValue(value)]));
