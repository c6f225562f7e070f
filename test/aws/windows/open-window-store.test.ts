import { describe, expect, it } from 'vitest';
import { windowStoreChoice } from '../../../aws/windows/open-window-store.ts';

describe('the choice of a window store', () => {
  it('is read from its text, and refused when it is none', () => {
    expect([windowStoreChoice('timestream:d/t+n'), windowStoreChoice('dynamodb:w')]).toEqual([
      { kind: 'timestream', database: 'd', table: 't', near: 'n' },
      { kind: 'dynamodb', table: 'w' },
    ]);
    for (const text of ['', 'timestream:d', 'timestream:d/t', 'influx:x', 'dynamodb:'])
      expect(() => windowStoreChoice(text)).toThrow('Not a window store');
  });
});
