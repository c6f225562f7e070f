import { expect, it } from 'vitest';
import { failedTogether } from '../../async/failed-together.ts';

it('says what failed and why, and keeps the errors', () => {
  const errors = [new Error('table is gone'), 'late'];
  const error = failedTogether('The sweep failed', errors);
  expect(error.message).toBe('The sweep failed: table is gone; late');
  expect(error.errors).toEqual(errors);
});

it('names five errors and counts the others', () => {
  const error = failedTogether('The sweep failed', ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(error.message).toBe('The sweep failed: a; b; c; d; e; and 2 more');
});
