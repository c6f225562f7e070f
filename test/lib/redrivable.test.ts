import { describe, expect, it } from 'vitest';
import { followers } from '../../cli/parked/followers.ts';
import { synthesized } from './synthesized.ts';
import { propertiesOf, text } from './template-text.ts';

const { template } = synthesized({ stage: 'prod', openAdr: 'on' });
const functions = propertiesOf(template, 'AWS::Lambda::Function');
const followed = Object.values(propertiesOf(template, 'AWS::Lambda::EventSourceMapping'))
  .map(({ FunctionName, EventSourceArn }) => ({ by: text(FunctionName), source: text(EventSourceArn) }))
  .map(({ by, source }) => {
    const { Description } = functions[by.slice(1, -1)] ?? {};
    return { by: `${Description}`.split('.')[0] ?? by, source };
  });
const outputOf = (source: string): string => `${/^<Tables(\w+)\.StreamArn>$/.exec(source)?.[1]}Table`;

describe('what can be parked', () => {
  it('can be given to its consumers again: every function that follows a table, with every table it follows', () => {
    const ofTables = followed.filter(({ source }) => source.endsWith('.StreamArn>'));
    const deployed = Map.groupBy(ofTables, ({ by }) => by);
    const asked: string[] = [];
    const output = (name: string): string => {
      asked.push(name);
      return name === 'WindowStore' ? 'dynamodb:windows' : name;
    };
    const redriven = followers({ output });
    expect(deployed.size).toBeGreaterThan(0);
    expect(Object.fromEntries(Object.entries(redriven).map(([by, { tables }]) => [by, [...tables].sort()]))).toEqual(
      Object.fromEntries([...deployed].map(([by, all]) => [by, all.map(({ source }) => outputOf(source)).sort()])),
    );
    expect(asked.filter((name) => !(name in template.findOutputs('*')))).toEqual([]);
  });

  it('can be put back on its stream: consumers of streams read envelopes and records of sites, and nothing else', () => {
    const ofStreams = followed.filter(({ source }) => /(Stream\.Arn|FanOut\.ConsumerARN)>$/.test(source));
    expect(ofStreams.map(({ by }) => by).sort()).toEqual(['allocate-site', 'project-state']);
  });
});
