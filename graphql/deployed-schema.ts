import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';

const folder = join(import.meta.dirname, 'schema');

/** AppSync's names for the ways of being known by name: an IAM signature, or a token. */
export type SignInDirective = 'aws_iam' | 'aws_oidc' | 'aws_cognito_user_pools';

/**
 * The API as SDL with a description of everything in it: the topics of `schema/` in alphabetical order, where each extends
 * `Query` and `Mutation` by its own fields.
 */
export const documentedSchema = (): string => print(documented());

/**
 * The same API for AppSync. Without descriptions, which it refuses on some kinds of things (enum values, arguments, `schema`);
 * and with who may ask on every type and root field, because what says nothing is open to the API key alone: the API key
 * and all that sign in read, and only those that sign in change anything.
 */
export const deployedSchema = (signIns: readonly SignInDirective[]): string => {
  const everyone = directives(['aws_api_key', ...signIns]);
  const known = directives(signIns);
  const opened = (type: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode => {
    const { value: name } = type.name;
    if (name !== 'Query' && name !== 'Mutation') return { ...type, directives: everyone };
    const open = name === 'Query' ? everyone : known;
    return { ...type, fields: (type.fields ?? []).map((field) => ({ ...field, directives: open })) };
  };
  const bare: DocumentNode = visit(documented(), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  });
  return print(visit(bare, { ObjectTypeDefinition: opened }));
};

const directives = (names: readonly string[]): ConstDirectiveNode[] =>
  names.map((value) => ({ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value } }));

/** The mutations of one topic, in the order of its file. */
export const mutationsOf = (topic: string): readonly string[] =>
  topicDefinitions(`${topic}.graphql`)
    .filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION)
    .filter(({ name }) => name.value === 'Mutation')
    .flatMap(({ fields = [] }) => fields.map(({ name }) => name.value));

const topicDefinitions = (file: string): readonly DefinitionNode[] =>
  parse(readFileSync(join(folder, file), 'utf8')).definitions;

const documented = (): DocumentNode => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const definitions = files.sort().flatMap(topicDefinitions);
  const extensions = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  const fieldsOf = (type: string): ObjectTypeExtensionNode['fields'] =>
    extensions.filter(({ name }) => name.value === type).flatMap(({ fields = [] }) => fields);
  return {
    kind: Kind.DOCUMENT,
    definitions: definitions
      .filter((node) => node.kind !== Kind.OBJECT_TYPE_EXTENSION)
      .map((node) =>
        node.kind === Kind.OBJECT_TYPE_DEFINITION
          ? { ...node, fields: [...(node.fields ?? []), ...(fieldsOf(node.name.value) ?? [])] }
          : node,
      ),
  };
};
