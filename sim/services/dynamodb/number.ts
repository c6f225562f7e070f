import { invalid } from './errors.ts';

/** A decimal number: coefficient times ten to the exponent. */
type Decimal = { readonly coefficient: bigint; readonly exponent: number };

const MOST_DIGITS = 38;
/** Of the first digit: magnitudes go from 1E-130 to 9.99…E+125. */
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;

/** Integers that are written as DynamoDB writes them and exact as numbers of JavaScript. */
const plainInteger = /^(?:0|-?[1-9]\d{0,14})$/;
const anyNumber = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

const parsed = (text: string): Decimal => {
  const [matched, sign, whole = '', part = '', power = '0'] = anyNumber.exec(text) ?? [];
  if (matched === undefined || whole + part === '')
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  const digits = (whole + part).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return { coefficient: 0n, exponent: 0 };
  const exponent = Number(power) - part.length + digits.length - significant.length;
  return { coefficient: BigInt(sign === '-' ? `-${significant}` : significant), exponent };
};

/** Writes a number as DynamoDB does: without exponent, leading and trailing zeros. Throws for what it does not take. */
const written = ({ coefficient, exponent }: Decimal): string => {
  if (coefficient === 0n) return '0';
  const isNegative = coefficient < 0n;
  const digits = String(isNegative ? -coefficient : coefficient);
  const first = exponent + digits.length - 1;
  if (digits.replace(/0+$/, '').length > MOST_DIGITS)
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  if (first > LARGEST_EXPONENT)
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (first < SMALLEST_EXPONENT)
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  const point = digits.length + exponent;
  const plain =
    exponent >= 0
      ? digits + '0'.repeat(exponent)
      : point > 0
        ? `${digits.slice(0, point)}.${digits.slice(point)}`
        : `0.${'0'.repeat(-point)}${digits}`;
  return `${isNegative ? '-' : ''}${plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain}`;
};

/** A number in the one form in which it is stored. Throws ValidationException for none, and for too many digits or too large. */
export const storedNumber = (text: string): string => (plainInteger.test(text) ? text : written(parsed(text)));

/** Compares two stored numbers: negative, zero or positive. */
export const compareNumbers = (a: string, b: string): number => {
  if (a === b) return 0;
  // Up to fifteen characters a number of JavaScript is exact enough to tell two apart.
  if (a.length <= 15 && b.length <= 15) return Number(a) - Number(b);
  const [left, right] = aligned(parsed(a), parsed(b));
  return left < right ? -1 : left > right ? 1 : 0;
};

const aligned = (a: Decimal, b: Decimal): readonly [bigint, bigint, number] => {
  const exponent = Math.min(a.exponent, b.exponent);
  const at = (one: Decimal): bigint => one.coefficient * 10n ** BigInt(one.exponent - exponent);
  return [at(a), at(b), exponent];
};

/** The exact sum or difference of two stored numbers. Throws ValidationException if it has too many digits. */
export const addNumbers = (a: string, b: string, sign: '+' | '-'): string => {
  const [left, right, exponent] = aligned(parsed(a), parsed(b));
  return written({ coefficient: sign === '+' ? left + right : left - right, exponent });
};

/** Bytes a number takes: two digits each, and one more. */
export const numberBytes = (text: string): number => {
  const isPlain = plainInteger.test(text) && !text.endsWith('0');
  if (isPlain) return text.startsWith('-') ? Math.ceil((text.length - 1) / 2) + 2 : Math.ceil(text.length / 2) + 1;
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};
