import { describe, expect, it } from 'vitest';
import { trace } from '../../sim/trace.ts';

const hashOf = (...lines: readonly string[]): string => {
  const told = trace(() => 1_000, false);
  for (const line of lines) told.note(line);
  return told.hash();
};
const failure = (message: string, folder: string): string =>
  `log ${JSON.stringify({ level: 'error', message, stack: [`at sweep (file://${folder}/sweep.ts:1:2)`, 'at "run"'], left: 1 })}`;

describe('the hash of a run', () => {
  it('is the same wherever the project lies, and whatever lines its failures come from', () => {
    expect(hashOf(failure('throttled', '/home/one'))).toBe(hashOf(failure('throttled', '/srv/another')));
  });

  it('differs by what is said beside the frames, before them and after', () => {
    const line = failure('throttled', '/home/one');
    expect(hashOf(line)).not.toBe(hashOf(failure('refused', '/home/one')));
    expect(hashOf(line)).not.toBe(hashOf(line.replace('"left":1', '"left":2')));
  });
});

it('keeps the frames in the lines that people read', () => {
  const told = trace(() => 0, true);
  told.note(failure('throttled', '/home/one'));
  expect(told.lines()[0]).toContain('file:///home/one/sweep.ts:1:2');
});
