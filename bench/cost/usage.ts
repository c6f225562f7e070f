/**
 * What was used, by name: 'record-history/writeUnit/windows' is units of a table's writes by a function. Names have the function, the
 * unit (a name of `prices` or a figure of the function) and what it was used on.
 */
export type Usage = ReadonlyMap<string, number>;

export type Meter = {
  /** Whose usage is counted from now on. */
  readonly attribute: (user: string) => void;
  readonly count: (unit: string, on: string, amount: number) => void;
  /** What was used since the last time it was asked. */
  readonly take: () => Usage;
};

export const meter = (): Meter => {
  let user = '';
  let used = new Map<string, number>();
  return {
    attribute: (next) => {
      user = next;
    },
    count: (unit, on, amount) => {
      const name = `${user}/${unit}/${on}`;
      used.set(name, (used.get(name) ?? 0) + amount);
    },
    take: () => {
      const taken = used;
      used = new Map();
      return taken;
    },
  };
};

export type Used = { readonly user: string; readonly unit: string; readonly on: string; readonly amount: number };

/** Usage of a fleet of `chargers`, from that of two fleets: what there is without any charger, and a share for each. */
export const usageAt = (
  small: { readonly chargers: number; readonly usage: Usage },
  large: { readonly chargers: number; readonly usage: Usage },
  chargers: number,
): readonly Used[] =>
  [...new Set([...small.usage.keys(), ...large.usage.keys()])].map((name) => {
    const [user = '', unit = '', on = ''] = name.split('/');
    const [few, many] = [small.usage.get(name) ?? 0, large.usage.get(name) ?? 0];
    const each = Math.max(0, (many - few) / (large.chargers - small.chargers));
    const fixed = Math.max(0, few - each * small.chargers);
    return { user, unit, on, amount: fixed + each * chargers };
  });
