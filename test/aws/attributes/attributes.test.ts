import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAttributes, toPlainItem } from '../../../aws/attributes/attributes.ts';

/** The SDK takes an object whose `constructor` is its own for no object. */
const names = fc.string().filter((name) => !(name in Object.prototype));
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array(),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((texts) => new Set(texts)),
    fc.array(tie('value')),
    fc.dictionary(names, tie('value')),
  ),
})).value;
const items = fc.dictionary(names, values);
const options = { removeUndefinedValues: true };

describe('an item in attribute values', () => {
  it('is what the SDK makes of it, and comes back as the SDK reads it', () => {
    fc.assert(
      fc.property(items, (item) => {
        const attributes = marshall(item, options);
        expect(toAttributes(item)).toEqual(attributes);
        expect(toPlainItem(attributes)).toEqual(unmarshall(attributes));
      }),
    );
  });

  it('is refused where the SDK refuses it', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, new Date(0), new Set()])
      expect(() => toAttributes({ value })).toThrow();
  });

  it('is no item where an attribute has no type', () => {
    for (const attribute of [{}, { X: 'y' }]) expect(() => toPlainItem({ attribute } as never)).toThrow();
  });

  it('keeps numbers that are too large for a double as the SDK does', () => {
    expect(toPlainItem({ large: { N: '9007199254740993' } })).toEqual({ large: 9_007_199_254_740_993n });
  });
});
