import { type FieldReader, fieldReader } from '../kernel/field-reader.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { microPrice, minorDigits } from './exact-amount.ts';
import {
  componentKinds,
  type PriceComponent,
  type PriceLimit,
  type Restrictions,
  type Tariff,
  type TariffElement,
  weekdays,
} from './tariff.ts';

/** 'HH:MM' and 'YYYY-MM-DD', as OCPI writes them too. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
export const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const MONTH_DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TARIFF_ID = /^.{1,100}$/;
const notNegative = { min: 0 };

const priceOf = (reader: FieldReader, name: string): string | undefined => {
  const price = reader.text(name);
  try {
    if (price !== undefined) microPrice(price);
    return price;
  } catch (error) {
    return reader.refuse(name, `is no price with at most six decimals: ${error instanceof RangeError ? price : error}`);
  }
};

const componentOf = (reader: FieldReader): PriceComponent => {
  reader.onlyKnown(['kind', 'price', 'vatPercent', 'stepSize']);
  return {
    kind: reader.needed('kind', reader.word('kind', componentKinds)),
    price: reader.needed('price', priceOf(reader, 'price')),
    ...omitUndefined({
      vatPercent: reader.number('vatPercent', { min: 0, max: 1000, decimals: 4 }),
      stepSize: reader.number('stepSize', { min: 0, max: 1_000_000_000, decimals: 3 }),
    }),
  };
};

const seasonOf = (reader: FieldReader | undefined): Restrictions['season'] => {
  if (reader === undefined) return undefined;
  reader.onlyKnown(['from', 'to']);
  return {
    from: reader.needed('from', reader.text('from', MONTH_DAY)),
    to: reader.needed('to', reader.text('to', MONTH_DAY)),
  };
};

/** A list without a day restricts nothing, as in OCPI, where a list may be empty or left out. */
const daysOf = (reader: FieldReader): Restrictions['daysOfWeek'] => {
  const days = reader
    .list('daysOfWeek')
    ?.map(
      (day) => weekdays.find((known) => known === day) ?? reader.refuse('daysOfWeek', `knows no day ${String(day)}`),
    );
  return days?.length === 0 ? undefined : days;
};

/** Pairs of which the first may not be above the second: such an element would never apply. */
const ranges = [
  ['minPowerW', 'maxPowerW'],
  ['minCurrentA', 'maxCurrentA'],
  ['minEnergyWh', 'maxEnergyWh'],
  ['minDurationSec', 'maxDurationSec'],
] as const;

const restrictionsOf = (reader: FieldReader): Restrictions => {
  reader.onlyKnown(['startTime', 'endTime', 'startDate', 'endDate', 'season', 'daysOfWeek', ...ranges.flat()]);
  const found: Restrictions = omitUndefined({
    startTime: reader.text('startTime', TIME_OF_DAY),
    endTime: reader.text('endTime', TIME_OF_DAY),
    startDate: reader.text('startDate', DATE),
    endDate: reader.text('endDate', DATE),
    season: seasonOf(reader.object('season')),
    daysOfWeek: daysOf(reader),
    minPowerW: reader.number('minPowerW', notNegative),
    maxPowerW: reader.number('maxPowerW', notNegative),
    minCurrentA: reader.number('minCurrentA', notNegative),
    maxCurrentA: reader.number('maxCurrentA', notNegative),
    minEnergyWh: reader.number('minEnergyWh', notNegative),
    maxEnergyWh: reader.number('maxEnergyWh', notNegative),
    minDurationSec: reader.number('minDurationSec', notNegative),
    maxDurationSec: reader.number('maxDurationSec', notNegative),
  });
  for (const [from, below] of ranges)
    if ((found[from] ?? 0) >= (found[below] ?? Number.POSITIVE_INFINITY))
      reader.refuse(from, `must be below ${below}: the element would never apply`);
  if ((found.startDate ?? '') >= (found.endDate ?? '9999-99-99'))
    reader.refuse('startDate', 'must be before endDate: the element would never apply');
  return found;
};

const elementOf = (reader: FieldReader): TariffElement => {
  reader.onlyKnown(['components', 'restrictions']);
  const components = reader.objects('components').map(componentOf);
  if (components.length === 0) reader.refuse('components', 'must name at least one price');
  const kinds = components.map(({ kind }) => kind);
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice !== undefined) reader.refuse('components', `names ${twice} twice: only the first would count`);
  const written = reader.object('restrictions');
  const restrictions = written && restrictionsOf(written);
  const { minDurationSec = 0, minEnergyWh = 0 } = restrictions ?? {};
  // A flat fee is due at the start, when no time has passed and nothing has flowed.
  if (kinds.includes('flat') && (minDurationSec > 0 || minEnergyWh > 0))
    reader.refuse(
      'components',
      'names flat, due at the start: after a duration or an energy it would never be charged',
    );
  return { components, ...omitUndefined({ restrictions }) };
};

const limitOf = (reader: FieldReader | undefined): PriceLimit | undefined => {
  if (reader === undefined) return undefined;
  reader.onlyKnown(['withoutVat', 'withVat']);
  return {
    withoutVat: reader.needed('withoutVat', priceOf(reader, 'withoutVat')),
    ...omitUndefined({ withVat: priceOf(reader, 'withVat') }),
  };
};

const currencyOf = (reader: FieldReader): string => {
  const currency = reader.needed('currency', reader.text('currency'));
  try {
    minorDigits(currency);
    return currency;
  } catch (error) {
    return reader.refuse('currency', `is none of ISO 4217: ${error instanceof RangeError ? currency : error}`);
  }
};

/**
 * A tariff as it may be used, from what somebody wrote or an import made. Throws RangeError that names the field which is
 * unknown, missing, out of range or without effect: what is not applied is never accepted.
 */
export const checkTariff = (content: unknown): Tariff => {
  const reader = fieldReader(content, '', 'A tariff');
  reader.onlyKnown([
    ...['tariffId', 'name', 'currency', 'elements', 'pricesIncludeVat'],
    ...['minPrice', 'maxPrice', 'validFrom', 'validUntil'],
  ]);
  const includesVat = reader.has('pricesIncludeVat');
  if (includesVat && (content as Tariff).pricesIncludeVat !== true)
    reader.refuse('pricesIncludeVat', 'must be true, or left out');
  const elements = reader.objects('elements').map(elementOf);
  if (elements.length === 0) reader.refuse('elements', 'must hold at least one element');
  const [validFrom, validUntil] = [reader.number('validFrom'), reader.number('validUntil')];
  if ((validFrom ?? Number.NEGATIVE_INFINITY) >= (validUntil ?? Number.POSITIVE_INFINITY))
    reader.refuse('validFrom', 'must be before validUntil: the tariff would never hold');
  return {
    tariffId: reader.needed('tariffId', reader.text('tariffId', TARIFF_ID)),
    currency: currencyOf(reader),
    elements,
    ...omitUndefined({
      name: reader.text('name'),
      pricesIncludeVat: includesVat ? (true as const) : undefined,
      minPrice: limitOf(reader.object('minPrice')),
      maxPrice: limitOf(reader.object('maxPrice')),
      validFrom,
      validUntil,
    }),
  };
};
