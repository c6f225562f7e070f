import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alertIdOf, conditionKey } from '../../../domain/alerts/alert-id.ts';
import { rules } from '../../../domain/alerts/rules/index.ts';
import { iso } from '../../../domain/kernel/iso.ts';
import { type MemoryAlertTable, memoryAlertTable } from '../../fakes/alert-table.ts';
import { minute } from './fixtures.ts';
import { type RuleCase, ruleCases } from './rule-cases.ts';
import { type Story, type Telling, tell } from './story.ts';

const folder = new URL('../../../domain/alerts/rules/', import.meta.url);

const toldBy = async (
  { story, cleared, overrides = {} }: Pick<RuleCase, 'story' | 'cleared' | 'overrides'>,
  telling?: Telling,
): Promise<MemoryAlertTable> => {
  const table = memoryAlertTable();
  await tell(table, story, cleared + 3, overrides, telling);
  return table;
};

/** What was told, in a form one can read. */
const lines = (table: MemoryAlertTable) =>
  table.told.map(({ alert, change }) => ({
    id: change.id,
    rule: alert.rule,
    severity: alert.severity,
    at: iso(change.at),
  }));

const subjectOf = (table: MemoryAlertTable) => table.all()[0]?.subject;

const lastMinute = (story: Story): number => story.at(-1)?.[0] ?? 0;

describe('the registry of rules', () => {
  it('holds every rule file once, under its own name, and every rule has a case here', () => {
    const files = readdirSync(folder)
      .filter((file) => file !== 'index.ts')
      .map((file) => file.replace('.ts', ''))
      .sort();
    expect(rules.map(({ name }) => name).sort()).toEqual(files);
    expect(ruleCases.map(({ rule }) => rule).sort()).toEqual(files);
  });
});

describe.each(ruleCases.map((ruleCase) => [ruleCase.rule, ruleCase] as const))('%s', (name, ruleCase) => {
  it('is raised once and cleared once, and no other rule is', async () => {
    const table = await toldBy(ruleCase);
    const subject = subjectOf(table);
    const alertId = subject && alertIdOf(conditionKey(name, subject), minute(ruleCase.since));
    const { severity, raised, cleared } = ruleCase;
    expect(lines(table)).toEqual([
      { id: `${alertId}/raised/1`, rule: name, severity, at: iso(minute(raised)) },
      { id: `${alertId}/cleared/1`, rule: name, severity, at: iso(minute(cleared)) },
    ]);
  });

  it('tells the same, once, when every change record comes twice and every sweep runs twice', async () => {
    const twice = await toldBy(ruleCase, { deliveries: (index) => [index, index], sweeps: () => 2 });
    expect(lines(twice)).toEqual(lines(await toldBy(ruleCase)));
  });

  it('tells the same, once, when the stream starts again from the beginning at every record', async () => {
    const restarted = await toldBy(ruleCase, {
      deliveries: (index) => Array.from({ length: index + 1 }, (_, delivered) => delivered),
    });
    expect(lines(restarted)).toEqual(lines(await toldBy(ruleCase)));
  });

  it('has said the same in the end when a sweep in the middle failed', async () => {
    const missed = ruleCase.raised + 1;
    const failed = await toldBy(ruleCase, { sweeps: (at) => (at === missed ? 0 : 1) });
    expect(lines(failed)).toEqual(lines(await toldBy(ruleCase)));
  });

  it('is silent when nothing changes', async () => {
    const [first] = ruleCase.story;
    const healthy: Story = first ? [first, [first[0] + 1, first[1]]] : [];
    const table = await toldBy({ ...ruleCase, story: healthy, cleared: lastMinute(healthy) });
    expect(lines(table)).toEqual([]);
  });

  it.each(ruleCase.silent ?? [])('is silent when %s', async (_, story) => {
    const table = await toldBy({ ...ruleCase, story, cleared: lastMinute(story) });
    expect(lines(table)).toEqual([]);
  });
});
