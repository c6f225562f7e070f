import { buildSchema, type DefinitionNode, Kind, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { deployedSchema, documentedSchema } from '../../graphql/deployed-schema.ts';

const scalars =
  'scalar AWSDateTime scalar AWSJSON directive @aws_iam on FIELD_DEFINITION | OBJECT directive @aws_api_key on FIELD_DEFINITION | OBJECT';
const withDescriptions = (sdl: string): string[] => {
  const found: string[] = [];
  visit(parse(sdl), {
    enter: (node) => {
      if ('description' in node && node.description) found.push(print(node).split('\n')[0] ?? '');
    },
  });
  return found;
};
const nameOf = (node: DefinitionNode): string =>
  'name' in node && node.name !== undefined ? node.name.value : node.kind;
const byName = (sdl: string): string[] => parse(sdl).definitions.map(nameOf);

describe('the schema', () => {
  it('has a valid whole, with the fields of all topics', () => {
    const schema = buildSchema(scalars + documentedSchema());
    const [queries, mutations] = [schema.getQueryType(), schema.getMutationType()].map((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect([
      ['station', 'sessions', 'alerts', 'command'].every((name) => queries?.includes(name)),
      ['acknowledgeAlert', 'sendCommand'].every((name) => mutations?.includes(name)),
    ]).toEqual([true, true]);
  });

  it('has room for amounts that a 32-bit number has not', () => {
    const schema = buildSchema(scalars + documentedSchema());
    const amounts = ['Money.minor', 'RevenueHour.revenueMinor', 'SessionCost.totalMinor', 'CostHour.minor'];
    const typeOf = (path: string): string => {
      const [type = '', field = ''] = path.split('.');
      const named = schema.getType(type);
      return String(named && 'getFields' in named ? named.getFields()[field]?.type : undefined);
    };
    expect(amounts.map(typeOf)).toEqual(['Float!', 'Float', 'Float!', 'Float!']);
  });

  it('names every type once', () => {
    const names = byName(documentedSchema());
    expect(names.length).toBe(new Set(names).size);
  });

  it('is deployed in the same order, without a single description', () => {
    expect([
      byName(deployedSchema(['aws_iam', 'aws_oidc'])),
      withDescriptions(deployedSchema(['aws_iam', 'aws_oidc'])),
    ]).toEqual([byName(documentedSchema()), []]);
  });

  it('has descriptions where it is documented: of the whole, of arguments and of enum values', () => {
    const described = withDescriptions(documentedSchema()).join('\n');
    expect(described).toContain('The live state of a charging network.');
    expect(described).toContain('Identity of the alert.');
    expect(described).toContain('Waits for its turn, or for the station.');
  });

  it('is merged: no extension of a type is left for AppSync to understand', () => {
    expect(
      parse(deployedSchema(['aws_iam', 'aws_oidc'])).definitions.filter(
        ({ kind }) => kind === Kind.OBJECT_TYPE_EXTENSION,
      ),
    ).toEqual([]);
  });
});
