import { describe, expect, it } from 'vitest';
import { pageToken, startKey } from '../../../aws/dynamodb/page-token.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';

describe('the token of a page', () => {
  const shape = { subject: { is: 'S#1#1' }, entryKey: String };
  const key = { subject: 'S#1#1', entryKey: '2026-01-01T00:00:00.000Z#a' };

  it('says where its own list goes on', () => {
    expect([startKey(pageToken(key), shape), startKey(undefined, shape)]).toEqual([key, undefined]);
  });

  it.each([
    ['of another subject', { ...key, subject: 'S#1#2' }],
    ['of another list', { scope: 'dr-1', entry: 'signal', listed: 'signal', startAt: 1 }],
    ['with something more', { ...key, at: 1 }],
    ['with too little', { subject: 'S#1#1' }],
    ['with an empty key', { ...key, entryKey: '' }],
    ['with a key longer than any', { ...key, entryKey: 'x'.repeat(1_025) }],
    ['with a number for a text', { ...key, entryKey: 5 }],
  ])('%s is refused', (_, other) => {
    expect(() => startKey(pageToken(other), shape)).toThrow(new Rejected('Invalid page token'));
  });

  it('says where its own range goes on, and is refused for another', () => {
    const within = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
    const later = { from: '2026-01-01T12:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
    const earlier = { from: '2025-12-31T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };
    expect(startKey(pageToken(key), { ...shape, entryKey: within })).toEqual(key);
    for (const range of [later, earlier])
      expect(() => startKey(pageToken(key), { ...shape, entryKey: range })).toThrow(new Rejected('Invalid page token'));
  });

  it.each([1.5, 1e40, '1'])('is refused with %s for a whole number', (startAt) => {
    expect(() => startKey(pageToken({ startAt }), { startAt: Number })).toThrow(new Rejected('Invalid page token'));
  });

  it.each(['nonsense', '', 'bnVsbA'])('is none: %s', (text) => {
    expect(() => startKey(text, shape)).toThrow(new Rejected('Invalid page token'));
  });
});
