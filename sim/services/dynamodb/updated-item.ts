import { unreachable } from '../../../domain/kernel/unreachable.ts';
import { bytesText, type Item, typeOf, type Value } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { conflict, type DocumentPath, overlap, valueAt, withoutValuesAt, withValueAt } from './document-path.ts';
import { invalid } from './errors.ts';
import type { Parsed, Setting, UpdateAction } from './expression.ts';
import { addNumbers } from './number.ts';

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');
const noHolder = () => invalid('The document path provided in the update expression is invalid for update');

/** Refuses an update with two paths that meet, or of the key. Throws ValidationException. */
export const checkUpdate = (
  { tree }: Parsed<readonly UpdateAction[]>,
  keyNames: readonly string[],
  { pathOf, value }: Bindings,
): void => {
  const paths = tree.map(({ path }) => pathOf(path));
  for (const [at, path] of paths.entries())
    for (const other of paths.slice(0, at)) {
      const [shorter, longer] = other.length <= path.length ? [other, path] : [path, other];
      const named = `path one: [${other.join(', ')}], path two: [${path.join(', ')}]`;
      if (overlap(longer, shorter))
        throw invalid(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; ${named}`,
        );
      if (conflict(other, path))
        throw invalid(
          `Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; ${named}`,
        );
    }
  for (const action of tree) {
    if (action.kind !== 'add' && action.kind !== 'delete') continue;
    const type = typeOf(value(action.value));
    const allowed = action.kind === 'add' ? ['N', 'SS', 'NS', 'BS'] : ['SS', 'NS', 'BS'];
    if (!allowed.includes(type))
      throw invalid(
        `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${action.kind.toUpperCase()}, operand type: ${type}, typeSet: ALLOWED_FOR_${action.kind.toUpperCase()}_OPERAND`,
      );
  }
  for (const [name] of paths)
    if (keyNames.includes(String(name)))
      throw invalid(
        `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
      );
};

const setValue = (setting: Setting, item: Item, bindings: Bindings): Value => {
  switch (setting.kind) {
    case 'value':
      return bindings.value(setting.name);
    case 'path': {
      const found = valueAt(item, bindings.pathOf(setting.path));
      if (found === undefined)
        throw invalid('The provided expression refers to an attribute that does not exist in the item');
      return found;
    }
    case 'ifNotExists':
      return valueAt(item, bindings.pathOf(setting.path)) ?? setValue(setting.otherwise, item, bindings);
    case 'sum': {
      const [left, right] = [setValue(setting.left, item, bindings), setValue(setting.right, item, bindings)];
      if (!('N' in left) || !('N' in right)) throw wrongType();
      return { N: addNumbers(left.N, right.N, setting.sign) };
    }
    case 'listAppend': {
      const [left, right] = [setValue(setting.left, item, bindings), setValue(setting.right, item, bindings)];
      if (!('L' in left) || !('L' in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
    default:
      return unreachable(setting);
  }
};

const added = (there: Value | undefined, more: Value): Value => {
  if (there === undefined) return more;
  if ('N' in there && 'N' in more) return { N: addNumbers(there.N, more.N, '+') };
  if ('SS' in there && 'SS' in more) return { SS: [...new Set([...there.SS, ...more.SS])] };
  if ('NS' in there && 'NS' in more) return { NS: [...new Set([...there.NS, ...more.NS])] };
  if ('BS' in there && 'BS' in more)
    return { BS: [...new Map([...there.BS, ...more.BS].map((bytes) => [bytesText(bytes), bytes])).values()] };
  throw wrongType();
};

/** What is left of a set; undefined when nothing is. */
const lessened = (there: Value, less: Value): Value | undefined => {
  if ('SS' in there && 'SS' in less) {
    const SS = there.SS.filter((text) => !less.SS.includes(text));
    return SS.length === 0 ? undefined : { SS };
  }
  if ('NS' in there && 'NS' in less) {
    const NS = there.NS.filter((number) => !less.NS.includes(number));
    return NS.length === 0 ? undefined : { NS };
  }
  if ('BS' in there && 'BS' in less) {
    const gone = less.BS.map(bytesText);
    const BS = there.BS.filter((bytes) => !gone.includes(bytesText(bytes)));
    return BS.length === 0 ? undefined : { BS };
  }
  throw wrongType();
};

/**
 * The item after an update: everything is computed from the item as it was. Throws ValidationException for what the item
 * does not allow: a sum of texts, a place in a map that is not there.
 */
export const updatedItem = (item: Item, actions: readonly UpdateAction[], bindings: Bindings): Item => {
  let next = item;
  const removed: DocumentPath[] = [];
  const put = (path: DocumentPath, value: Value): void => {
    const changed = withValueAt(next, path, value);
    if (changed === undefined) throw noHolder();
    next = changed;
  };
  // Places in lists are filled from the first to the last: those behind the end are appended in this order.
  for (const action of actions) {
    const path = bindings.pathOf(action.path);
    switch (action.kind) {
      case 'set':
        put(path, setValue(action.to, item, bindings));
        break;
      case 'remove':
        if (path.length > 1 && valueAt(item, path.slice(0, -1)) === undefined) throw noHolder();
        removed.push(path);
        break;
      case 'add':
        put(path, added(valueAt(item, path), bindings.value(action.value)));
        break;
      case 'delete': {
        const there = valueAt(item, path);
        if (there === undefined) break;
        const left = lessened(there, bindings.value(action.value));
        if (left === undefined) removed.push(path);
        else put(path, left);
        break;
      }
      default:
        unreachable(action);
    }
  }
  if (removed.length === 0) return next;
  const without = withoutValuesAt(next, removed);
  if (without === undefined) throw noHolder();
  return without;
};

/** The attributes an update touches, by name: what UPDATED_OLD and UPDATED_NEW return. */
export const touchedNames = (actions: readonly UpdateAction[], { pathOf }: Bindings): readonly DocumentPath[] =>
  actions.map(({ path }) => pathOf(path));
