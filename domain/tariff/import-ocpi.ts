import { type FieldReader, fieldReader, type NumberRange } from '../kernel/field-reader.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { checkTariff, DATE, TIME_OF_DAY } from './check-tariff.ts';
import type { ImportedTariff } from './import-time-of-use.ts';
import {
  type ComponentKind,
  type PriceComponent,
  type PriceLimit,
  type Restrictions,
  type TariffElement,
  weekdays,
} from './tariff.ts';

const kinds = { ENERGY: 'energy', TIME: 'time', PARKING_TIME: 'parking', FLAT: 'flat' } as const satisfies Record<
  string,
  ComponentKind
>;
const dimensions = Object.keys(kinds) as (keyof typeof kinds)[];

/** Fields that say something about a tariff, and nothing about what a session costs. */
const informative = ['tariff_alt_text', 'tariff_alt_url', 'energy_mix', 'preauthorize_amount'];
const MAX_AMOUNT = 1_000_000_000;
const amountRange: NumberRange = { min: 0, max: MAX_AMOUNT, decimals: 6 };

/** A price as the exact decimal text the tariff keeps. */
const priceText = (price: number): string => price.toFixed(6).replace(/\.?0+$/, '');

const componentOf = (reader: FieldReader): PriceComponent => {
  reader.onlyKnown(['type', 'price', 'vat', 'step_size']);
  const type = reader.needed('type', reader.word('type', dimensions));
  const stepSize = reader.needed('step_size', reader.number('step_size', { min: 0, max: MAX_AMOUNT, decimals: 0 }));
  if (stepSize === 0 && type !== 'FLAT') reader.refuse('step_size', 'must be at least 1');
  return {
    kind: kinds[type],
    price: priceText(reader.needed('price', reader.number('price', amountRange))),
    ...omitUndefined({
      vatPercent: reader.number('vat', { min: 0, max: 1000, decimals: 4 }),
      // A flat fee has no unit to be rounded up.
      stepSize: type === 'FLAT' ? undefined : stepSize,
    }),
  };
};

const isForReservation = (element: FieldReader): boolean => element.object('restrictions')?.has('reservation') ?? false;

const scaled = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : Number((value * factor).toFixed(6));

const daysOf = (reader: FieldReader): Restrictions['daysOfWeek'] =>
  reader
    .list('day_of_week')
    ?.map(
      (day) => weekdays.find((known) => known === day) ?? reader.refuse('day_of_week', `knows no day ${String(day)}`),
    );

const restrictionsOf = (reader: FieldReader): Restrictions => {
  reader.onlyKnown([
    ...['start_time', 'end_time', 'start_date', 'end_date', 'min_kwh', 'max_kwh', 'min_current', 'max_current'],
    ...['min_power', 'max_power', 'min_duration', 'max_duration', 'day_of_week', 'reservation'],
  ]);
  const days = daysOf(reader);
  return omitUndefined({
    startTime: reader.text('start_time', TIME_OF_DAY),
    endTime: reader.text('end_time', TIME_OF_DAY),
    startDate: reader.text('start_date', DATE),
    endDate: reader.text('end_date', DATE),
    // An empty list restricts nothing.
    daysOfWeek: days?.length === 0 ? undefined : days,
    minEnergyWh: scaled(reader.number('min_kwh'), 1000),
    maxEnergyWh: scaled(reader.number('max_kwh'), 1000),
    minCurrentA: reader.number('min_current'),
    maxCurrentA: reader.number('max_current'),
    minPowerW: scaled(reader.number('min_power'), 1000),
    maxPowerW: scaled(reader.number('max_power'), 1000),
    minDurationSec: reader.number('min_duration', { decimals: 0 }),
    maxDurationSec: reader.number('max_duration', { decimals: 0 }),
  });
};

const elementOf = (reader: FieldReader): TariffElement => {
  reader.onlyKnown(['price_components', 'restrictions']);
  const restrictions = reader.object('restrictions');
  return {
    components: reader.objects('price_components').map(componentOf),
    ...omitUndefined({ restrictions: restrictions && restrictionsOf(restrictions) }),
  };
};

/** 2.2.1 names the amounts excl_vat and incl_vat, 2.3.0 before_taxes and after_taxes; 2.1.1 has neither. */
const limitOf = (reader: FieldReader | undefined): PriceLimit | undefined => {
  if (reader === undefined) return undefined;
  const [net, gross] = reader.has('before_taxes') ? ['before_taxes', 'after_taxes'] : ['excl_vat', 'incl_vat'];
  reader.onlyKnown([net, gross]);
  const withVat = reader.number(gross, amountRange);
  return {
    withoutVat: priceText(reader.needed(net, reader.number(net, amountRange))),
    ...omitUndefined({ withVat: withVat === undefined ? undefined : priceText(withVat) }),
  };
};

/** OCPI instants are UTC, with or without the Z. */
const instantOf = (reader: FieldReader, name: string): number | undefined => {
  const text = reader.text(name);
  if (text === undefined) return undefined;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? reader.refuse(name, `is no instant: ${text}`) : at;
};

const nameOf = (reader: FieldReader): string | undefined => {
  const [first] = reader.objects('tariff_alt_text');
  return first?.text('text');
};

export type OcpiImport = {
  /** Leave out what a reservation costs instead of refusing the tariff. */
  readonly withoutReservations: boolean;
};

const tariffOf = (content: unknown, { withoutReservations }: OcpiImport): ImportedTariff => {
  const reader = fieldReader(content, '', 'A tariff');
  reader.onlyKnown([
    ...['country_code', 'party_id', 'id', 'currency', 'type', 'min_price', 'max_price', 'elements', 'tax_included'],
    ...['start_date_time', 'end_date_time', 'last_updated', ...informative],
  ]);
  const tariffId = reader.needed('id', reader.text('id', /^.{1,36}$/));
  const all = reader.objects('elements');
  const forReservation = all.filter(isForReservation);
  if (forReservation[0] && !withoutReservations)
    forReservation[0].refuse(
      'restrictions.reservation',
      'prices a reservation, and reservations are not priced here: import it with --without-reservations',
    );
  const elements = all.filter((element) => !forReservation.includes(element)).map(elementOf);
  const taxIncluded = reader.word('tax_included', ['YES', 'NO', 'N/A']) ?? 'NO';
  const type = reader.word('type', ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR']);
  const components = elements.flatMap((element) => element.components);
  const hasVat = components.some(({ vatPercent }) => vatPercent !== undefined);
  if (taxIncluded === 'N/A' && components.some(({ vatPercent = 0 }) => vatPercent > 0))
    reader.refuse('tax_included', 'says that no tax applies, and an element has VAT');
  const byCurrent = elements.some(
    ({ restrictions }) => restrictions?.minCurrentA !== undefined || restrictions?.maxCurrentA !== undefined,
  );
  const told = informative.filter((name) => reader.has(name));
  const warnings = [
    ...(type === undefined || type === 'REGULAR'
      ? []
      : [`type ${type}: sessions carry no such choice, it holds for all of them where it is assigned`]),
    ...(forReservation.length === 0 ? [] : [`${forReservation.length} elements that price reservations are left out`]),
    ...(byCurrent ? ['currents are told from power at the nominal voltage of the connector'] : []),
    ...(taxIncluded === 'YES' && !hasVat
      ? ['prices include taxes and no rate is given: amounts without VAT are those with VAT']
      : []),
    ...(told.length === 0 ? [] : [`${told.join(', ')}: kept out, without effect on prices`]),
  ];
  const tariff = checkTariff({
    tariffId,
    currency: reader.needed('currency', reader.text('currency')),
    elements,
    ...omitUndefined({
      name: nameOf(reader),
      pricesIncludeVat: taxIncluded === 'YES' ? true : undefined,
      minPrice: limitOf(reader.object('min_price')),
      maxPrice: limitOf(reader.object('max_price')),
      validFrom: instantOf(reader, 'start_date_time'),
      validUntil: instantOf(reader, 'end_date_time'),
    }),
  });
  return { tariff, warnings };
};

const listed = (content: unknown): readonly unknown[] => {
  if (Array.isArray(content)) return content;
  // What the tariffs endpoint of a party answers has the list in its data.
  const isResponse = typeof content === 'object' && content !== null && 'data' in content && !('elements' in content);
  return isResponse ? listed(content.data) : [content];
};

/**
 * Tariffs of OCPI 2.2.1 or 2.3.0: one, a list, or the answer of a tariffs endpoint. Whatever has an effect on prices is
 * applied, named in a warning, or refused with a RangeError that names tariff and field; so are two tariffs of one id.
 */
export const importOcpi = (content: unknown, options: OcpiImport): readonly ImportedTariff[] => {
  const seen = new Set<string>();
  return listed(content).map((item, index) => {
    try {
      const imported = tariffOf(item, options);
      // Ids of OCPI are the same in upper and lower case.
      const id = imported.tariff.tariffId.toLowerCase();
      if (seen.has(id)) throw new RangeError('id stands in the file twice');
      seen.add(id);
      return imported;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const id = typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : `number ${index + 1}`;
      throw new RangeError(`Tariff ${id}: ${error.message}`, { cause: error });
    }
  });
};
