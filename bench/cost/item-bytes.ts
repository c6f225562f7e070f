type Attribute = Readonly<Record<string, unknown>>;

const textBytes = (text: string): number => Buffer.byteLength(text);

/** Two digits a byte, sign and exponent one more each. */
const numberBytes = (text: string): number => {
  const digits = text.replace(/[-.]|e.*$/gi, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};

const valueBytes = (value: Attribute): number => {
  if (typeof value.S === 'string') return textBytes(value.S);
  if (typeof value.N === 'string') return numberBytes(value.N);
  if (typeof value.B === 'string') return Buffer.from(value.B, 'base64').length;
  if (Array.isArray(value.L)) return 3 + value.L.reduce((sum: number, one) => sum + 1 + valueBytes(one), 0);
  if (typeof value.M === 'object' && value.M !== null)
    return 3 + Object.entries(value.M).reduce((sum, [name, one]) => sum + 1 + textBytes(name) + valueBytes(one), 0);
  return 1;
};

export type Item = Readonly<Record<string, Attribute>>;

/** Bytes of an item as DynamoDB counts them (developer guide, "DynamoDB item sizes and formats"), from its attributes by type. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + textBytes(name) + valueBytes(value), 0);
