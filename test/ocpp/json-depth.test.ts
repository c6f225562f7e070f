import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepth } from '../../ocpp/frames/json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** The same, letter by letter. */
const byLetters = (text: string): number => {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (quoted && letter === '\\') index += 1;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && '[{'.includes(letter)) deepest = Math.max(deepest, ++depth);
    else if (!quoted && ']}'.includes(letter)) depth -= 1;
  }
  return deepest;
};

describe('the depth of a JSON text', () => {
  it('is that of its value, whatever its strings and names hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(jsonDepth(JSON.stringify(value))).toBe(depthOf(value));
      }),
    );
  });

  it('counts brackets outside of strings in texts that are no JSON, too', () => {
    const text = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a'), maxLength: 60 });
    fc.assert(
      fc.property(text, (letters) => {
        expect(jsonDepth(letters)).toBe(byLetters(letters));
      }),
      { numRuns: 2_000 },
    );
  });
});
