import type { Item, Value } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { type DocumentPath, overlap } from './document-path.ts';
import { invalid } from './errors.ts';
import type { Parsed, Path } from './expression.ts';

/** The paths of a projection, if there is one. Throws ValidationException for two of which one leads into the other. */
export const pathsOf = (
  projection: Parsed<readonly Path[]> | undefined,
  { pathOf }: Bindings,
): readonly DocumentPath[] | undefined => {
  if (projection === undefined) return undefined;
  const paths = projection.tree.map(pathOf);
  for (const [at, path] of paths.entries())
    for (const other of paths.slice(0, at)) {
      const [shorter, longer] = other.length <= path.length ? [other, path] : [path, other];
      if (overlap(longer, shorter))
        throw invalid(
          `Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${other.join(', ')}], path two: [${path.join(', ')}]`,
        );
    }
  return paths;
};

/** What a projection shows of an item; everything if there is none. */
export const shown = (item: Item, paths: readonly DocumentPath[] | undefined): Item =>
  paths === undefined ? item : projectedItem(item, paths);

/** Only the attributes at some paths, in the shape they have in the item. */
export const projectedItem = (item: Item, paths: readonly DocumentPath[]): Item => {
  const found: Record<string, Value> = {};
  for (const path of paths) {
    const name = String(path[0]);
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value === undefined) continue;
    const inside = paths.filter((other) => other[0] === name).map((other) => other.slice(1));
    const part = partOf(value, inside);
    if (part !== undefined) found[name] = part;
  }
  return found;
};

const partOf = (value: Value, paths: readonly DocumentPath[]): Value | undefined => {
  if (paths.some((path) => path.length === 0)) return value;
  if ('M' in value) {
    const content = projectedItem(
      value.M,
      paths.filter(([step]) => typeof step === 'string'),
    );
    return Object.keys(content).length === 0 ? undefined : { M: content };
  }
  if (!('L' in value)) return undefined;
  const members = value.L.flatMap((member, at) => {
    const inside = paths.filter(([step]) => step === at).map((path) => path.slice(1));
    const part = inside.length === 0 ? undefined : partOf(member, inside);
    return part === undefined ? [] : [part];
  });
  return members.length === 0 ? undefined : { L: members };
};
