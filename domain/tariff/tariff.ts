/** Day names as OCPI writes them. */
export const weekdays = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * energy: per kWh. time: per hour charging. parking: per hour plugged in without energy. flat: once per session, at its start.
 */
export const componentKinds = ['energy', 'time', 'parking', 'flat'] as const;
export type ComponentKind = (typeof componentKinds)[number];

export type PriceComponent = {
  readonly kind: ComponentKind;
  /** Price in the tariff's currency, without VAT unless the tariff says otherwise: a decimal text, at most six digits behind the point. */
  readonly price: string;
  /** At most four digits behind the point. Absent: no VAT is known. */
  readonly vatPercent?: number;
  /** Quantities are rounded up to multiples of this: Wh for energy, seconds for time and parking. */
  readonly stepSize?: number;
};

/** When an element applies; everything named must hold. Times and dates are those of the site. */
export type Restrictions = {
  /** 'HH:MM', from and until (exclusive); `startTime` after `endTime` spans midnight. */
  readonly startTime?: string;
  readonly endTime?: string;
  /** 'YYYY-MM-DD', first day and first day no more. */
  readonly startDate?: string;
  readonly endDate?: string;
  /** Every year, 'MM-DD', first and last day (both inclusive); may span the turn of the year. */
  readonly season?: { readonly from: string; readonly to: string };
  readonly daysOfWeek?: readonly Weekday[];
  /** Current summed over the phases, A, told from power at the connector's nominal voltage: from, and below. */
  readonly minCurrentA?: number;
  readonly maxCurrentA?: number;
  /** Mean power between two readings: from, and below. */
  readonly minPowerW?: number;
  readonly maxPowerW?: number;
  /** Energy of the session so far: from, and below. */
  readonly minEnergyWh?: number;
  readonly maxEnergyWh?: number;
  /** Time since the session started: from, and below. */
  readonly minDurationSec?: number;
  readonly maxDurationSec?: number;
};

/** For each kind of component the first element that applies and has it counts. */
export type TariffElement = {
  readonly components: readonly PriceComponent[];
  readonly restrictions?: Restrictions;
};

/** A limit on what a session costs. Each amount is compared with its own total; decimal texts in the tariff's currency. */
export type PriceLimit = {
  readonly withoutVat: string;
  /** Absent: the total with VAT follows the one without. */
  readonly withVat?: string;
};

export type Tariff = {
  readonly tariffId: string;
  readonly name?: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly elements: readonly TariffElement[];
  /** The prices of the components contain their VAT. */
  readonly pricesIncludeVat?: true;
  /** A session costs at least this. */
  readonly minPrice?: PriceLimit;
  /** A session costs at most this. */
  readonly maxPrice?: PriceLimit;
  /** Sessions that start outside of [validFrom, validUntil) are not priced by it; ms since the epoch. */
  readonly validFrom?: number;
  readonly validUntil?: number;
};

/** Which tariff holds where and when. Of several the most specific counts, then the one that began last. */
export type TariffAssignment = {
  readonly tariffId: string;
  readonly siteId?: string;
  readonly stationId?: string;
  readonly connectorType?: string;
  /** ms since the epoch. */
  readonly validFrom?: number;
  readonly validUntil?: number;
};
