/** The fields that have a value: an absent quantity is left out, never stored as undefined. */
export const omitUndefined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const present: { [K in keyof T]?: T[K] } = { ...fields };
  for (const key in present) if (present[key] === undefined) delete present[key];
  // The loop above is the proof that the compiler cannot follow.
  return present as { [K in keyof T]?: Exclude<T[K], undefined> };
};
