/** What a window holds: numbers with their unit in the name. A measure that is not known is absent, never 0. */
export type Measures = Readonly<Record<string, number>>;

/** Drops absent values: a window carries only what is known. */
export const known = (measures: Readonly<Record<string, number | undefined>>): Measures => {
  const present: Record<string, number> = {};
  for (const [name, value] of Object.entries(measures)) if (value !== undefined) present[name] = value;
  return present;
};
