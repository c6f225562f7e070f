import { describe, expect, it } from 'vitest';
import { matchesPattern, type Pattern } from '../../../local/eventbridge/matches-pattern.ts';

const event = {
  source: 'wattstream',
  'detail-type': 'AlertRaised',
  detail: { severity: 'critical', powerW: 7_400, tags: ['a', 'b'], site: { id: 'site-1' } },
};

describe('matchesPattern', () => {
  it.each<[Pattern, boolean]>([
    [{ source: ['wattstream'] }, true],
    [{ source: ['other', 'wattstream'], 'detail-type': ['AlertRaised'] }, true],
    [{ source: ['other'] }, false],
    [{ detail: { site: { id: ['site-1'] } } }, true],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { severity: [{ prefix: 'crit' }] } }, true],
    [{ detail: { severity: [{ suffix: 'cal' }] } }, true],
    [{ detail: { severity: [{ wildcard: 'c*t*l' }] } }, true],
    [{ detail: { severity: [{ 'equals-ignore-case': 'CRITICAL' }] } }, true],
    [{ detail: { severity: [{ 'anything-but': ['minor', 'info'] }] } }, true],
    [{ detail: { severity: [{ 'anything-but': { prefix: 'crit' } }] } }, false],
    [{ detail: { powerW: [{ numeric: ['>', 7_000, '<=', 7_400] }] } }, true],
    [{ detail: { powerW: [{ numeric: ['=', 1] }] } }, false],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ detail: { severity: [{ exists: false }] } }, false],
    [{ $or: [{ source: ['other'] }, { detail: { powerW: [7_400] } }] }, true],
  ])('%j: %s', (pattern, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it('refuses an operator it does not know', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow(/cidr is not supported/);
  });
});
