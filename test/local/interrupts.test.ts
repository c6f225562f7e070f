import { expect, it } from 'vitest';
import { interrupts } from '../../local/interrupts.ts';

const told = (...atMs: number[]): string[] => {
  const calls: string[] = [];
  let now = 0;
  const onSignal = interrupts(
    () => now,
    () => calls.push(`stop at ${now}`),
    () => calls.push(`force at ${now}`),
  );
  for (const at of atMs) {
    now = at;
    onSignal();
  }
  return calls;
};

it('a second Ctrl-C does not wait', () => {
  expect(told(5, 3_000)).toEqual(['stop at 5', 'force at 3000']);
});

it('a Ctrl-C that npm passes on besides is no second one', () => {
  expect(told(5, 9)).toEqual(['stop at 5']);
});
