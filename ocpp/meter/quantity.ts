import type { Warn } from '../warning.ts';

/** The kinds of quantity a measurand can be, with the units vendors name and their size in ours. */
export type Quantity = 'energyWh' | 'powerW' | 'currentA' | 'voltageV' | 'percent' | 'temperatureC' | 'frequencyHz';

/** Measurands that become part of a reading. The rest of the OCPP vocabulary is known and left in the archive. */
const kinds: Readonly<Record<string, Quantity>> = {
  'energy.active.import.register': 'energyWh',
  'energy.active.export.register': 'energyWh',
  'energy.active.import.interval': 'energyWh',
  'power.active.import': 'powerW',
  'power.offered': 'powerW',
  'current.import': 'currentA',
  'current.offered': 'currentA',
  voltage: 'voltageV',
  soc: 'percent',
  temperature: 'temperatureC',
  frequency: 'frequencyHz',
};

const archivedOnly = /^(energy|power|current|voltage|display|rpm)\b/;

/** Kind of a lower-case measurand; 'archived' for those that stay in the archive, undefined for words OCPP does not know. */
export const quantityOf = (measurand: string): Quantity | 'archived' | undefined =>
  Object.hasOwn(kinds, measurand) ? kinds[measurand] : archivedOnly.test(measurand) ? 'archived' : undefined;

type Conversion = (value: number) => number;
const times =
  (factor: number): Conversion =>
  (value) =>
    value * factor;

const units: Readonly<Record<Quantity, Readonly<Record<string, Conversion>>>> = {
  energyWh: { '': times(1), wh: times(1), kwh: times(1000) },
  powerW: { '': times(1), w: times(1), kw: times(1000) },
  currentA: { '': times(1), a: times(1), ma: times(0.001) },
  voltageV: { '': times(1), v: times(1), mv: times(0.001), kv: times(1000) },
  percent: { '': times(1), percent: times(1), '%': times(1) },
  temperatureC: {
    '': times(1),
    celsius: times(1),
    // The spelling of the OCPP 1.6 schema itself.
    celcius: times(1),
    c: times(1),
    '°c': times(1),
    fahrenheit: (value) => ((value - 32) * 5) / 9,
    f: (value) => ((value - 32) * 5) / 9,
    k: (value) => value - 273.15,
    kelvin: (value) => value - 273.15,
  },
  frequencyHz: { '': times(1), hz: times(1) },
};

/** The conversion from a unit as sent (any case; none means the default) into ours; undefined if it does not fit the kind. */
export const conversion = (kind: Quantity, unit: string): Conversion | undefined => {
  const key = unit.trim().toLowerCase();
  return Object.hasOwn(units[kind], key) ? units[kind][key] : undefined;
};

/** What no charger of this century measures is nonsense, not data. */
const bounds: Readonly<Record<Quantity, readonly [min: number, max: number]>> = {
  energyWh: [0, 1e12],
  powerW: [0, 1e8],
  currentA: [0, 1e5],
  voltageV: [0, 1e5],
  percent: [0, 100],
  temperatureC: [-90, 500],
  frequencyHz: [0, 1000],
};

/** Whether the value (in our unit) can be true. */
export const isPlausible = (kind: Quantity, value: number): boolean => {
  const [min, max] = bounds[kind];
  return Number.isFinite(value) && value >= min && value <= max;
};

const decimals: Readonly<Record<Quantity, number>> = {
  energyWh: 3,
  powerW: 1,
  currentA: 3,
  voltageV: 3,
  percent: 3,
  temperatureC: 3,
  frequencyHz: 3,
};

/** Rounded to what a meter can mean: float32 artefacts and binary dust go. Never -0. */
export const roundToMeter = (kind: Quantity, value: number): number => {
  const scale = 10 ** decimals[kind];
  return Math.round(value * scale) / scale + 0;
};

/**
 * A figure (in our unit) as a meter can show it: rounded, and within what can be true. Undefined, with a warning, beyond
 * that; 0, with a warning, where something was said that is less than any meter shows. Every number of a reading passes here.
 */
export const meterFigure = (
  quantity: Quantity,
  value: number,
  what: string,
  warn: Warn,
  path?: string,
): number | undefined => {
  if (!isPlausible(quantity, value)) {
    warn('value-implausible', `${what} ${value}: left out`, path);
    return undefined;
  }
  const rounded = roundToMeter(quantity, value);
  if (rounded === 0 && value !== 0)
    warn('value-implausible', `${what} ${value}: less than a meter shows, taken as 0`, path);
  return rounded;
};
