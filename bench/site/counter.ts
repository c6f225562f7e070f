/** Counts by name. */
export const counter = () => {
  const counts = new Map<string, number>();
  return { counts, count: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1) };
};
