import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue } from '../../events/catalogue.ts';
import { matchesPattern } from '../../local/event-pattern.ts';

const page = readFileSync(new URL('../../docs/subscribing.md', import.meta.url), 'utf8');
const [, written = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
const pattern = JSON.parse(written);

it('tells a pattern that hears what the page says it hears', () => {
  const heard = catalogue()
    .filter(({ example }) => matchesPattern(pattern, example))
    .map(({ schema }) => schema.title);
  expect(heard).toEqual(['AlertEscalated', 'AlertRaised']);
});

it.each([
  ['another site', { siteId: 'hamburg' }],
  ['a lesser severity', { severity: 'info' }],
])('does not hear %s', (_, detail) => {
  const raised = catalogue().find(({ schema }) => schema.title === 'AlertRaised')?.example;
  expect(matchesPattern(pattern, { ...raised, detail: { ...raised?.detail, ...detail } })).toBe(false);
});
