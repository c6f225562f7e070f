/** A configuration key (1.6) or a variable of a component (2.x) of a station. */
export type Variable = {
  /** The key in 1.6, 'Component.Variable' in 2.x. */
  readonly name: string;
  readonly value: string;
  readonly access: 'ReadOnly' | 'ReadWrite' | 'WriteOnly';
  readonly dataType: 'boolean' | 'integer' | 'decimal' | 'string' | 'MemberList' | 'OptionList' | 'SequenceList';
  readonly unit?: string;
  /** Least and largest value of a number. */
  readonly range?: readonly [least: number, largest: number];
  /** The words a list may have. */
  readonly words?: readonly string[];
  readonly evseId?: number;
  readonly instance?: string;
  /** A new value counts after the next start only. */
  readonly needsReboot?: boolean;
};

/** Which variable is meant. */
export type VariableName = Pick<Variable, 'name'> & {
  readonly evseId?: number | undefined;
  readonly instance?: string | undefined;
};

export type SetResult = 'Accepted' | 'RebootRequired' | 'Rejected' | 'Unknown';

export type DeviceModel = {
  readonly all: () => readonly Variable[];
  readonly find: (name: VariableName) => Variable | undefined;
  /** Whether there is such a component (2.x). */
  readonly hasComponent: (component: string) => boolean;
  readonly set: (name: VariableName, value: string) => SetResult;
  /** The value of a variable that every station has, as a number. */
  readonly number: (name: string) => number;
};

const isBoolean = (value: string): boolean => /^(true|false)$/i.test(value);

const isValid = (
  { dataType, range: [least, largest] = [-Infinity, Infinity], words }: Variable,
  value: string,
): boolean => {
  switch (dataType) {
    case 'boolean':
      return isBoolean(value);
    case 'integer':
    case 'decimal': {
      const number = Number(value);
      const isNumber = value.trim() !== '' && Number.isFinite(number);
      return isNumber && (dataType === 'decimal' || Number.isInteger(number)) && least <= number && number <= largest;
    }
    case 'OptionList':
      return words === undefined || words.includes(value);
    case 'MemberList':
    case 'SequenceList':
      return words === undefined || value.split(',').every((word) => word === '' || words.includes(word.trim()));
    case 'string':
      return value.length <= 500;
  }
};

/** The variables of a station, with what a CSMS may do to them. */
export const deviceModel = (variables: readonly Variable[]): DeviceModel => {
  const keyOf = ({ name, evseId, instance }: VariableName): string =>
    [name.toLowerCase(), evseId ?? '', instance?.toLowerCase() ?? ''].join('/');
  const byKey = new Map(variables.map((variable) => [keyOf(variable), variable]));
  const find = (name: VariableName) => byKey.get(keyOf(name));
  return {
    all: () => [...byKey.values()],
    find,
    hasComponent: (component) =>
      variables.some(({ name }) => name.toLowerCase().startsWith(`${component.toLowerCase()}.`)),
    set: (name, value) => {
      const variable = find(name);
      if (variable === undefined) return 'Unknown';
      if (variable.access === 'ReadOnly' || !isValid(variable, value)) return 'Rejected';
      byKey.set(keyOf(name), { ...variable, value });
      return variable.needsReboot ? 'RebootRequired' : 'Accepted';
    },
    number: (name) => {
      const value = Number(find({ name })?.value);
      if (Number.isNaN(value)) throw new Error(`The station has no number ${name}`);
      return value;
    },
  };
};
