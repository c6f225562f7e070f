import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedDeflate, storedInflate } from '../../../sim/time/stored-deflate.ts';

const dictionary = Buffer.from('"stationId":"connectorId":"energyWh":');

describe('DEFLATE that does not compress', () => {
  it('writes what any reader of the format reads', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        expect(inflateRawSync(storedDeflate(text), { dictionary }).toString()).toBe(text);
        expect(storedInflate(storedDeflate(text), { dictionary }).toString()).toBe(text);
      }),
    );
  });

  it('reads what was compressed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), fc.integer({ min: 0, max: 9 }), (text, level) => {
        const bytes = deflateRawSync(text, { dictionary, level });
        expect(storedInflate(bytes, { dictionary }).toString()).toBe(text);
      }),
    );
  });

  it('compresses what one block cannot hold', () => {
    const text = 'energyWh'.repeat(20_000);
    expect(storedDeflate(text).length).toBeLessThan(text.length);
    expect(storedInflate(storedDeflate(text)).toString()).toBe(text);
  });
});
