import { expect, it } from 'vitest';
import { sampledWarning } from '../../runtime/sampled-warning.ts';

it('a warning is logged under its kind, whatever its detail is called', () => {
  const lines: string[] = [];
  sampledWarning((line) => lines.push(line))('replyNotKept', { stationId: 'CP', kind: 'result', count: 7 });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'warn', kind: 'replyNotKept', count: 1, stationId: 'CP' },
  ]);
});
