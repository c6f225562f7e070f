/** An item of a change stream as Lambda hands it over: attributes by type, bytes in base64. */
export type ChangeImage = Readonly<Record<string, unknown>>;

const plainValue = (attribute: unknown): unknown => {
  if (typeof attribute !== 'object' || attribute === null) throw new TypeError('Not an attribute of an item');
  const [[type, value] = []] = Object.entries(attribute);
  switch (type) {
    case 'S':
    case 'BOOL':
    case 'SS':
      return value;
    case 'N':
      return Number(value);
    case 'NS':
      return Array.isArray(value) ? value.map(Number) : [];
    case 'B':
      return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
    case 'NULL':
      return null;
    case 'L':
      return Array.isArray(value) ? value.map(plainValue) : [];
    case 'M':
      return plainImage(value ?? {});
    default:
      throw new TypeError(`Attribute of unknown type ${type}`);
  }
};

/** The item as plain data. Throws TypeError for what is no item. */
export const plainImage = (image: ChangeImage): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(image).map(([name, attribute]) => [name, plainValue(attribute)]));
