// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables this way.
import { describe, expect, it } from 'vitest';
import { resolverOf } from '../../../local/template/resolver.ts';
import { type Json, mergeTemplates, type Template, UnresolvableTemplate } from '../../../local/template/template.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const template: Template = {
  Resources: { Table: { Type: 'T' } },
  Parameters: { Size: { Default: '3' }, Bare: {} },
  Conditions: {
    IsLocal: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    IsBig: { 'Fn::Not': [{ Condition: 'IsLocal' }] },
  },
  Mappings: { Sizes: { small: { cpu: 1 } } },
  Outputs: { Shared: { Value: { Ref: 'Table' }, Export: { Name: 'shared-table' } } },
};
const resolver = resolverOf(template, account, (logicalId) =>
  logicalId === 'Table' ? { ref: 'demo-Table', attributes: { Arn: 'arn:table' } } : undefined,
);

describe('resolver', () => {
  it.each<[string, Json, Json]>([
    ['Ref to a resource', { Ref: 'Table' }, 'demo-Table'],
    ['Ref to a parameter', { Ref: 'Size' }, '3'],
    ['pseudo parameters', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Partition' }], ['000000000000', 'aws']],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Table.Arn' }, 'arn:table'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }]] }, 'a/demo-Table'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Table}:${Table.Arn}:${AWS::Region}:${!kept}' },
      'demo-Table:arn:table:eu-west-1:${kept}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}-${Table}', { x: { Ref: 'Size' } }] }, '3-demo-Table'],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }] },
      'table',
    ],
    ['Fn::If', { 'Fn::If': ['IsLocal', 'yes', 'no'] }, 'yes'],
    ['Fn::If by a negated condition', { 'Fn::If': ['IsBig', 'yes', 'no'] }, 'no'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'cpu'] }, 1],
    ['Fn::ImportValue across stacks', { 'Fn::ImportValue': 'shared-table' }, 'demo-Table'],
    ['AWS::NoValue in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['AWS::NoValue in a list', [1, { 'Fn::If': ['IsBig', 2, { Ref: 'AWS::NoValue' }] }], [1]],
    ['plain values', { a: [true, null, 'text', 1.5] }, { a: [true, null, 'text', 1.5] }],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolver.resolve(value)).toEqual(expected);
  });

  it.each<[Json, RegExp]>([
    [{ Ref: 'Nowhere' }, /unknown resource Nowhere/],
    [{ Ref: 'Bare' }, /Parameter Bare has no default/],
    [{ 'Fn::GetAtt': ['Table', 'Colour'] }, /Table\.Colour \(T\)/],
    [{ 'Fn::Transform': {} }, /Fn::Transform is not supported/],
    [{ 'Fn::ImportValue': 'other' }, /no stack exports it/],
    [{ 'Fn::If': ['Nothing', 1, 2] }, /Unknown condition Nothing/],
  ])('names what it cannot resolve in %j', (value, message) => {
    expect(() => resolver.resolve(value)).toThrow(UnresolvableTemplate);
    expect(() => resolver.resolve(value)).toThrow(message);
  });

  it('gives the outputs', () => {
    expect(resolver.outputs()).toEqual({ Shared: 'demo-Table' });
  });
});

describe('mergeTemplates', () => {
  it('makes one template of several stacks and leaves CDK metadata out', () => {
    const merged = mergeTemplates([
      { Resources: { A: { Type: 'T' }, CDKMetadata: { Type: 'AWS::CDK::Metadata' } } },
      { Resources: { B: { Type: 'U' }, CDKMetadata: { Type: 'AWS::CDK::Metadata' } }, Parameters: { P: {} } },
    ]);
    expect([merged.Resources, merged.Parameters]).toEqual([{ A: { Type: 'T' }, B: { Type: 'U' } }, { P: {} }]);
  });

  it('refuses two stacks with one logical id', () => {
    const stack = { Resources: { A: { Type: 'T' } } };
    expect(() => mergeTemplates([stack, stack])).toThrow(/logical id A/);
  });
});
