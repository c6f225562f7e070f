import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerCase } from '../../cli/what-if/answer-case.ts';

type Golden = { readonly id: string; readonly reason: string; readonly expected: object };

const golden = (name: string): readonly Golden[] =>
  JSON.parse(readFileSync(new URL(`../../data/golden/${name}.json`, import.meta.url), 'utf8')).cases;

/** Where a case asks for less than is answered (targets, say), only that is compared. */
describe.each(['setpoints', 'demand-response', 'phase-switching'])('reference cases of %s', (name) => {
  it.each(golden(name).map((given) => [given.id, given.reason, given] as const))('answers %s: %s', (_, __, given) => {
    expect(answerCase(given, 1)).toMatchObject({ kind: 'answered', line: { id: given.id, ...given.expected } });
  });
});
