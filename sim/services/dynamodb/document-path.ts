import { attributeOf, type Item, type Value } from './attribute-value.ts';

/** A path with its placeholders replaced: steps into maps by name, into lists by number. */
export type DocumentPath = readonly (string | number)[];

/** What stands at a path of an item. */
export const valueAt = (item: Item, path: DocumentPath): Value | undefined => {
  let found: Value | undefined = attributeOf(item, String(path[0]));
  for (let at = 1; at < path.length && found !== undefined; at += 1) {
    const step = path[at] as string | number;
    if (typeof step === 'number') found = 'L' in found ? found.L[step] : undefined;
    else found = 'M' in found ? attributeOf(found.M, step) : undefined;
  }
  return found;
};

/** An item with another value at a path. Undefined when what should hold the value is not there, or holds none such. */
export const withValueAt = (item: Item, path: DocumentPath, value: Value): Item | undefined => {
  const [name, ...inside] = path;
  const key = String(name);
  if (inside.length === 0) return { ...item, [key]: value };
  const holder = attributeOf(item, key);
  const changed = holder && withValueIn(holder, inside, value);
  return changed && { ...item, [key]: changed };
};

const withValueIn = (holder: Value, path: DocumentPath, value: Value): Value | undefined => {
  const [step, ...inside] = path;
  if (typeof step === 'string') {
    if (!('M' in holder)) return undefined;
    const content = withValueAt(holder.M, path, value);
    return content && { M: content };
  }
  if (!('L' in holder) || step === undefined) return undefined;
  if (inside.length === 0) {
    // Behind the end it is appended.
    const at = Math.min(step, holder.L.length);
    return { L: [...holder.L.slice(0, at), value, ...holder.L.slice(at + 1)] };
  }
  const member = holder.L[step];
  const changed = member && withValueIn(member, inside, value);
  return changed && { L: holder.L.with(step, changed) };
};

/** Stands where a list's member was removed, until all are: the places of the others do not move meanwhile. */
const GONE: Value = { NULL: true };

/**
 * An item without what stands at some paths; nothing there is no error, unless what should hold it is missing: then undefined.
 */
export const withoutValuesAt = (item: Item, paths: readonly DocumentPath[]): Item | undefined => {
  let changed: Item | undefined = item;
  for (const path of paths) changed = changed && withoutValueAt(changed, path);
  return (
    changed && (paths.some((path) => path.some((step) => typeof step === 'number')) ? withoutGone(changed) : changed)
  );
};

const withoutValueAt = (item: Item, path: DocumentPath): Item | undefined => {
  const [name, ...inside] = path;
  const key = String(name);
  const holder = attributeOf(item, key);
  if (inside.length === 0) {
    const { [key]: _, ...rest } = item;
    return rest;
  }
  const changed = holder && withoutValueIn(holder, inside);
  return changed && { ...item, [key]: changed };
};

const withoutValueIn = (holder: Value, path: DocumentPath): Value | undefined => {
  const [step, ...inside] = path;
  if (typeof step === 'string') {
    const content = 'M' in holder ? withoutValueAt(holder.M, path) : undefined;
    return content && { M: content };
  }
  if (!('L' in holder) || step === undefined) return undefined;
  const member = holder.L[step];
  if (inside.length === 0) return member === undefined ? holder : { L: holder.L.with(step, GONE) };
  const changed = member && withoutValueIn(member, inside);
  return changed && { L: holder.L.with(step, changed) };
};

const withoutGone = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueWithoutGone(value)]));

const valueWithoutGone = (value: Value): Value => {
  if ('M' in value) return { M: withoutGone(value.M) };
  if ('L' in value) return { L: value.L.filter((member) => member !== GONE).map(valueWithoutGone) };
  return value;
};

/** Whether one path leads to what the other leads to, or into it. */
export const overlap = (a: DocumentPath, b: DocumentPath): boolean =>
  a.slice(0, b.length).every((step, at) => step === b[at]);

/** Whether two paths take the same place for a map and for a list. */
export const conflict = (a: DocumentPath, b: DocumentPath): boolean => {
  const at = a.findIndex((step, index) => step !== b[index]);
  return at > 0 && at < b.length && typeof a[at] !== typeof b[at];
};
