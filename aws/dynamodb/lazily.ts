/**
 * Gives an object a property that is made when it is first read: most of what a change stream hands over nobody looks at.
 * Copying the object reads it.
 */
export const lazily = <Target extends object, Name extends string, Value>(
  target: Target,
  name: Name,
  make: () => Value,
): Target & { readonly [name in Name]: Value } => {
  let made: { readonly value: Value } | undefined;
  const get = (): Value => {
    made ??= { value: make() };
    return made.value;
  };
  Object.defineProperty(target, name, { enumerable: true, configurable: true, get });
  return target as Target & { readonly [name in Name]: Value };
};
