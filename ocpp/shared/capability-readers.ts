import {
  type Feature,
  mergedCapabilities,
  type ReportedCapabilities,
} from '../../domain/kernel/reported-capabilities.ts';
import { integerAt } from '../payload.ts';

/** One thing a station told of itself: the name of a key or variable, and its value. */
export type Told = {
  readonly name: string;
  /** 2.x: several variables of one name, told apart by what they are about. */
  readonly instance?: string;
  readonly value?: string;
  /** 2.x: the most the variable can be. */
  readonly maxLimit?: number;
  /** 2.x: the part of the station that the variable belongs to. */
  readonly evseId?: number;
};

export type Read = (told: Told) => ReportedCapabilities | undefined;

/** Larger figures are typing errors of vendors: nothing is dimensioned by them. */
const MOST = 1_000_000;

export const whole = (text: string | undefined): number | undefined => {
  const value = integerAt({ text }, 'text');
  return value !== undefined && value >= 0 && value <= MOST ? value : undefined;
};

const truth = (text: string | undefined): boolean | undefined => {
  const word = text?.trim().toLowerCase();
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : undefined;
};

export const words = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

export const figure =
  (field: 'maxStackLevel' | 'maxPeriods' | 'maxProfiles' | 'maxLocalTags' | 'maxLocalTagsPerMessage'): Read =>
  ({ value }) => {
    const read = whole(value);
    return read === undefined ? undefined : { [field]: read };
  };

export const flag =
  (field: 'reducesPhases' | 'switchesPhases' | 'reservesAny'): Read =>
  ({ value }) => {
    const read = truth(value);
    return read === undefined ? undefined : { [field]: read };
  };

export const feature =
  (list: 'available' | 'enabled', name: Feature): Read =>
  ({ value }) => {
    const read = truth(value);
    return read === undefined ? undefined : { [list]: { [name]: read } };
  };

/** 1.6 says Current and Power, 2.x A and W; stations of either use the words of the other. */
export const rateUnits: Read = ({ value }) => {
  const said = words(value).map((word) => word.toLowerCase());
  const units = (['A', 'W'] as const).filter((unit) =>
    said.some((word) => word === unit.toLowerCase() || word === (unit === 'A' ? 'current' : 'power')),
  );
  return units.length === 0 ? undefined : { rateUnits: units };
};

export const keysPerMessage: Read = ({ value }) => {
  const read = whole(value);
  return read === undefined || read === 0 ? undefined : { maxKeysPerMessage: read };
};

export const connectorCount: Read = ({ value }) => {
  const read = whole(value);
  return read === undefined ? undefined : { connectorCount: read };
};

export const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one?.toLowerCase() === other?.toLowerCase();

export const allTold = (parts: readonly (ReportedCapabilities | undefined)[]): ReportedCapabilities =>
  parts.reduce<ReportedCapabilities>((known, told) => (told ? mergedCapabilities(known, told) : known), {});
