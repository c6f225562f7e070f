import type { FieldReader } from '../../domain/kernel/field-reader.ts';

/** Nothing on the ground has more than a gigawatt: a larger figure is a slip of units. */
const MOST_KW = 1_000_000;
const YEAR_SEC = 366 * 86_400;

/** kW as people wrote them, to W without the noise of binary fractions. */
export const wattsOf = (powerKw: number): number => Math.round(powerKw * 1e6) / 1e3;

const rounded = (value: number, decimals: number): number => {
  // Half up on the decimal that was meant: 1.005 * 100 is 100.49999999999999.
  const scaled = Math.round(Math.abs(value) * 10 ** decimals + 1e-7) * Math.sign(value);
  return scaled === 0 ? 0 : scaled / 10 ** decimals;
};

/** W as kW with two decimals. */
export const kilowatts = (powerW: number): number => rounded(powerW / 1000, 2);
/** Wh as kWh with four decimals. */
export const kilowattHours = (energyWh: number): number => rounded(energyWh / 1000, 4);
export const percent = (value: number): number => rounded(value, 2);
export const ratioOf = (value: number): number => rounded(value, 4);

const [notNegative, anySign] = [
  { min: 0, max: MOST_KW },
  { min: -MOST_KW, max: MOST_KW },
];

/** Power in a field of kW, as W; absent where the field is. */
export const power = (reader: FieldReader, name: string, range = notNegative): number | undefined => {
  const powerKw = reader.number(name, range);
  return powerKw === undefined ? undefined : wattsOf(powerKw);
};

export const neededPower = (reader: FieldReader, name: string): number => reader.needed(name, power(reader, name));

/** Power that may be negative: what a site with its own sources takes from the grid. */
export const neededSignedPower = (reader: FieldReader, name: string): number =>
  reader.needed(name, power(reader, name, anySign));

export const seconds = (reader: FieldReader, name: string): number | undefined =>
  reader.number(name, { min: 0, max: YEAR_SEC });

export const neededSeconds = (reader: FieldReader, name: string): number => reader.needed(name, seconds(reader, name));

/** A number above 0. */
export const positive = (reader: FieldReader, name: string): number | undefined => {
  const found = reader.number(name);
  return found !== undefined && !(found > 0) ? reader.refuse(name, `must be above 0: ${found}`) : found;
};

/** Texts of a list that must name things; each once. */
export const names = (reader: FieldReader, name: string, known?: ReadonlySet<string>): readonly string[] => {
  const list = reader.needed(name, reader.list(name));
  return list.map((entry, index) => {
    if (typeof entry !== 'string') return reader.refuse(name, `must hold texts: ${JSON.stringify(entry)}`);
    if (known !== undefined && !known.has(entry))
      return reader.refuse(name, `names ${entry}, which is none of ${[...known].join(', ')}`);
    return list.indexOf(entry) === index ? entry : reader.refuse(name, `names ${entry} twice`);
  });
};

/** Refuses ids that stand twice: what is told of one would be told of the other. */
export const withUniqueIds = <Entry extends { readonly id: string }>(
  reader: FieldReader,
  name: string,
  entries: readonly Entry[],
): readonly Entry[] => {
  const ids = entries.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined ? entries : reader.refuse(name, `names ${twice} twice`);
};

/** The objects of a list that must be there. */
export const neededObjects = (reader: FieldReader, name: string): readonly FieldReader[] => {
  reader.needed(name, reader.list(name));
  return reader.objects(name);
};

/** Keys that every case may have and none is answered by. */
export const forReaders = ['id', 'kind', 'reason', 'extra', 'expected'];

/** Any text but none. */
export const aText = /^.+$/s;

export const identified = (reader: FieldReader): string => reader.needed('id', reader.text('id', aText));
