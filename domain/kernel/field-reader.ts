/** Reads the fields of an object somebody wrote. Every method throws RangeError with the place and what would be right. */
export type FieldReader = {
  /** Where the object stands, such as `elements[0].restrictions`; empty for the outermost. */
  readonly path: string;
  readonly has: (name: string) => boolean;
  /** The fields there are, in the order written. */
  readonly names: () => readonly string[];
  readonly text: (name: string, allowed?: RegExp) => string | undefined;
  readonly number: (name: string, range?: NumberRange) => number | undefined;
  readonly word: <Word extends string>(name: string, words: readonly Word[]) => Word | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly object: (name: string) => FieldReader | undefined;
  /** The objects of a list; empty where there is none. */
  readonly objects: (name: string) => readonly FieldReader[];
  readonly list: (name: string) => readonly unknown[] | undefined;
  /** The value of a field that must be there. */
  readonly needed: <Value>(name: string, value: Value | undefined) => Value;
  /** Refuses fields that nobody reads: a misspelt one must not pass for an absent one. */
  readonly onlyKnown: (names: readonly string[]) => void;
  readonly refuse: (name: string, why: string) => never;
};
export type NumberRange = { readonly min?: number; readonly max?: number; readonly decimals?: number };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasDecimals = (value: number, decimals: number): boolean =>
  Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) <= Math.abs(value) * 10 ** decimals * 1e-12;

const rangeText = (min: number, max: number): string => {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`;
  return min === Number.NEGATIVE_INFINITY ? `at most ${max}` : `from ${min} to ${max}`;
};

/** A reader of this object, called `what` in messages. A field that is null counts as absent. */
export const fieldReader = (value: unknown, path = '', what = 'It'): FieldReader => {
  if (!isObject(value)) throw new RangeError(`${path === '' ? what : path} must be an object`);
  const placeOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const refuse = (name: string, why: string): never => {
    throw new RangeError(`${placeOf(name)} ${why}`);
  };
  const own = (name: string): unknown => (Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined);
  const list = (name: string): readonly unknown[] | undefined => {
    const found = own(name);
    if (found === undefined || Array.isArray(found)) return found;
    return refuse(name, 'must be a list');
  };
  return {
    path,
    refuse,
    list,
    has: (name) => own(name) !== undefined,
    names: () => Object.keys(value),
    text: (name, allowed) => {
      const found = own(name);
      if (found === undefined) return undefined;
      if (typeof found !== 'string') return refuse(name, 'must be a text');
      return allowed === undefined || allowed.test(found) ? found : refuse(name, `is unusable: ${found}`);
    },
    number: (name, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, decimals } = {}) => {
      const found = own(name);
      if (found === undefined) return undefined;
      if (typeof found !== 'number' || !Number.isFinite(found)) return refuse(name, 'must be a number');
      if (found < min || found > max) return refuse(name, `must be ${rangeText(min, max)}: ${found}`);
      if (decimals !== undefined && !hasDecimals(found, decimals))
        return refuse(
          name,
          decimals === 0 ? `must be a whole number: ${found}` : `has more than ${decimals} decimals: ${found}`,
        );
      return found;
    },
    flag: (name) => {
      const found = own(name);
      return found === undefined || typeof found === 'boolean' ? found : refuse(name, 'must be true or false');
    },
    word: (name, words) => {
      const found = own(name);
      if (found === undefined) return undefined;
      return (
        words.find((word) => word === found) ?? refuse(name, `must be one of ${words.join(', ')}: ${String(found)}`)
      );
    },
    object: (name) => (own(name) === undefined ? undefined : fieldReader(own(name), placeOf(name))),
    objects: (name) => (list(name) ?? []).map((item, index) => fieldReader(item, `${placeOf(name)}[${index}]`)),
    needed: (name, found) => found ?? refuse(name, 'is missing'),
    onlyKnown: (names) => {
      const stray = Object.keys(value).find((name) => !names.includes(name));
      if (stray !== undefined) refuse(stray, `is not known; known are ${names.join(', ')}`);
    },
  };
};
