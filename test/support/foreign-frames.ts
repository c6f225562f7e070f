import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ocppVersions } from '../../ocpp/frames/envelope.ts';
import { chargerActions } from '../ocpp/charger-actions.ts';
import { exampleRequest } from '../ocpp/schemas.ts';

/** The versions a charger may speak, for property tests. */
export const anyVersion = fc.constantFrom(...ocppVersions);
const frames: string[] = readFileSync(new URL('../ocpp/frames.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).frame)
  .map((frame) => (typeof frame === 'string' ? frame : JSON.stringify(frame)));
const examples = (['v16', 'v201', 'v21'] as const).flatMap((version) =>
  chargerActions[version].map((action) => JSON.stringify([2, 'm', action, exampleRequest(version, action, true)])),
);

const deep: unknown = JSON.parse(`${'{"a":'.repeat(27)}1${'}'.repeat(27)}`);

const awkward = fc.oneof(
  fc.constantFrom(
    '',
    'NaN',
    '-1',
    '1e309',
    '-0',
    '1,5',
    'null',
    '\ud800',
    '__proto__',
    '9'.repeat(400),
    'x'.repeat(5000),
  ),
  fc.constantFrom(0, -1, -0.5, 2 ** 31, 2 ** 53, 1e300, 1e308, -1e308, Number.MIN_VALUE),
  // Clocks that were never set, stopped years ago, run ahead, or say nothing.
  fc.constantFrom(
    '1970-01-01T00:00:00Z',
    '2015-06-01T12:00:00Z',
    '2026-10-19T12:00:00Z',
    '2099-01-01T00:00:00Z',
    'soon',
  ),
  fc.constantFrom(null, true, [], {}, [[]], [null], { value: null }, { '': 1 }, deep),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The frame with some of its values, anywhere in it, replaced by awkward ones. */
const mutated = fc
  .tuple(fc.constantFrom(...frames, ...examples), fc.infiniteStream(fc.nat(11)), fc.infiniteStream(awkward))
  .map(([text, chances, values]) => {
    const odd = (value: unknown, depth: number): unknown => {
      if (depth > 1 && chances.next().value === 0) return values.next().value;
      if (Array.isArray(value)) return value.map((entry) => odd(entry, depth + 1));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, odd(inner, depth + 1)]));
    };
    try {
      const frame: unknown[] = JSON.parse(text);
      return JSON.stringify([...frame.slice(0, 3), ...frame.slice(3).map((payload) => odd(payload, 2))]);
    } catch {
      // The one frame of the collection that is no JSON: nothing in it to replace.
      return text;
    }
  });

const cut = fc
  .tuple(fc.constantFrom(...frames, ...examples), fc.nat(), fc.string({ maxLength: 3 }))
  .map(
    ([text, place, junk]) =>
      text.slice(0, place % text.length) + junk + text.slice((place % text.length) + junk.length),
  );

/** Frames as nobody should send them: real ones with values replaced or cut in two, replies, other JSON, other text. */
export const anyFrame = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: awkward.map((value) => JSON.stringify([3, 'c', value])) },
  { weight: 1, arbitrary: awkward.map((value) => JSON.stringify([4, 'c', 'InternalError', 'why', value])) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.array(fc.jsonValue(), { maxLength: 6 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);
