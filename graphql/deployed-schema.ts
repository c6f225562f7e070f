import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, Kind, type ObjectTypeExtensionNode, parse, print, visit } from 'graphql';

const folder = join(import.meta.dirname, 'schema');

/**
 * The API as SDL with a description of everything in it: the topics of `schema/` in alphabetical order, where each extends
 * `Query` and `Mutation` by its own fields.
 */
export const documentedSchema = (): string => print(document());

/** The same API for AppSync, which refuses descriptions of some kinds (enum values, arguments, `schema`): without any. */
export const deployedSchema = (): string =>
  print(
    visit(document(), {
      enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    }),
  );

const document = (): DocumentNode => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const definitions = files.sort().flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')).definitions);
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
