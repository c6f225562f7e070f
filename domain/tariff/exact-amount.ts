/**
 * Exact money. Prices have at most six decimals, energy is counted in mWh and time in ms; every product of these is a whole
 * number of the unit used here, so sums are exact in any order and only the bill itself is rounded, once.
 */
export type ExactAmount = bigint;

const MICRO_DIGITS = 6;
/** Least common multiple of mWh per kWh (10^6) and ms per hour (3.6 * 10^6). */
const PER_MICRO = 18_000_000n;
const MWH_PER_KWH = 1_000_000n;
const MS_PER_HOUR = 3_600_000n;
/** VAT in ten-thousandths of a percent: the unit below everything else. */
const VAT_SCALE = 1_000_000n;
const vatShare = (vatPercent: number): bigint => BigInt(Math.round(vatPercent * 10_000));

/** The price in millionths of the currency. Throws RangeError for a text that is not such a decimal. */
export const microPrice = (price: string): bigint => {
  const parts = /^(\d+)(?:\.(\d{1,6}))?$/.exec(price);
  if (parts === null) throw new RangeError(`Not a price with at most six decimals: ${price}`);
  const [, whole = '0', fraction = ''] = parts;
  return BigInt(whole + fraction.padEnd(MICRO_DIGITS, '0'));
};

export const energyAmount = (price: string, mWh: bigint): ExactAmount =>
  microPrice(price) * mWh * (PER_MICRO / MWH_PER_KWH) * VAT_SCALE;

export const timeAmount = (price: string, ms: bigint): ExactAmount =>
  microPrice(price) * ms * (PER_MICRO / MS_PER_HOUR) * VAT_SCALE;

export const flatAmount = (price: string): ExactAmount => microPrice(price) * PER_MICRO * VAT_SCALE;

/** The VAT on an amount; percentages have at most four decimals. */
export const vatOn = (amount: ExactAmount, vatPercent: number): ExactAmount =>
  (amount * vatShare(vatPercent)) / VAT_SCALE;

/** An amount without the VAT it contains; cut off far below the smallest unit of any currency. */
export const withoutVat = (amount: ExactAmount, vatPercent: number): ExactAmount =>
  (amount * VAT_SCALE) / (VAT_SCALE + vatShare(vatPercent));

const currencies = new Set(Intl.supportedValuesOf('currency'));

const digitsOf = (digits: number, ...codes: readonly string[]) => codes.map((code) => [code, digits] as const);

/**
 * Decimals of the minor unit by ISO 4217, list one, where they are not 2. The runtime knows how amounts are usually shown,
 * which is another matter (HUF and IDR without decimals), and may differ from one version to the next.
 */
const otherDigits: ReadonlyMap<string, number> = new Map([
  ...digitsOf(0, 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'),
  ...digitsOf(0, 'XAF', 'XOF', 'XPF'),
  ...digitsOf(3, 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'),
  ...digitsOf(4, 'CLF', 'UYW'),
]);

/** Decimals of the currency's minor unit: 2 for EUR, 0 for JPY. Throws RangeError for a currency ISO 4217 does not know. */
export const minorDigits = (currency: string): number => {
  if (!currencies.has(currency)) throw new RangeError(`Not a currency of ISO 4217: ${currency}`);
  return otherDigits.get(currency) ?? 2;
};

const perMinor = (currency: string): bigint =>
  PER_MICRO * VAT_SCALE * 10n ** BigInt(MICRO_DIGITS - minorDigits(currency));

/** Rounds to whole minor units, halves up. */
export const toMinor = (amount: ExactAmount, currency: string): number => {
  const unit = perMinor(currency);
  return Number((2n * amount + unit) / (2n * unit));
};

/** An amount as decimal text with six decimals, for breakdowns; halves up. */
export const toDecimal = (amount: ExactAmount): string => {
  if (amount < 0n) return `-${toDecimal(-amount)}`;
  const unit = PER_MICRO * VAT_SCALE;
  const digits = ((2n * amount + unit) / (2n * unit)).toString().padStart(MICRO_DIGITS + 1, '0');
  return `${digits.slice(0, -MICRO_DIGITS)}.${digits.slice(-MICRO_DIGITS)}`;
};

/** Splits a rounded total over parts in proportion to their exact amounts, whole minor units each, nothing lost. */
export const splitMinor = (totalMinor: number, parts: readonly ExactAmount[]): number[] => {
  const sum = parts.reduce((total, part) => total + part, 0n);
  if (sum === 0n) return parts.map((_, index) => (index === 0 ? totalMinor : 0));
  const total = BigInt(totalMinor);
  const shares = parts.map((part) => Number((total * part) / sum));
  const left = totalMinor - shares.reduce((one, other) => one + other, 0);
  // The largest remainders take what flooring left over; the earlier part wins a tie.
  const order = parts
    .map((part, index) => ({ index, remainder: (total * part) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of order.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
};
