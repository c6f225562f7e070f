import { describe, expect, it } from 'vitest';
import { replaceGlobals } from '../../../sim/time/replace-globals.ts';
import { virtualClock } from '../../../simulator/clock.ts';
import { random } from '../../../simulator/random.ts';

const START = Date.UTC(2026, 0, 1);

/** What `use` sees of the globals while they are replaced. */
const replaced = <Seen>(use: (clock: ReturnType<typeof virtualClock>) => Seen) => {
  const clock = virtualClock(START);
  const lines: string[] = [];
  const restore = replaceGlobals(clock, random('a seed'), (line) => void lines.push(line));
  try {
    return { lines, seen: use(clock) };
  } finally {
    restore();
  }
};

describe('the globals of a simulated run', () => {
  it('tell the time of its clock and draw from its seed', () => {
    const drawn = () => replaced(() => [Date.now(), new Date().toISOString(), Math.random(), crypto.randomUUID()]).seen;
    expect(drawn()).toEqual([
      START,
      '2026-01-01T00:00:00.000Z',
      expect.any(Number),
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
    expect(drawn()).toEqual(drawn());
  });

  it('hand over what is written to the console and past it, and print nothing of it', () => {
    const { lines } = replaced(() => {
      console.log('one', 2);
      process.stdout.write('a metric\n');
    });
    expect(lines).toEqual(['one 2', 'a metric']);
  });

  it('are those of before once it is over', () => {
    const { write } = process.stdout;
    const before = [globalThis.Date, globalThis.setTimeout, Math.random, write];
    replaced(() => undefined);
    expect([globalThis.Date, globalThis.setTimeout, Math.random, process.stdout.write]).toEqual(before);
  });
});
