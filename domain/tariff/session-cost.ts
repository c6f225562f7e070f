import { localHour, localHours } from '../calendar/local-time.ts';
import { LONGEST_SESSION_MS } from '../kernel/durations.ts';
import {
  type ExactAmount,
  energyAmount,
  flatAmount,
  splitMinor,
  timeAmount,
  toDecimal,
  toMinor,
  vatOn,
  withoutVat,
} from './exact-amount.ts';
import { type Metered, type PricedPiece, pricedPieces } from './priced-pieces.ts';
import type { ComponentKind, PriceComponent, PriceLimit, Tariff } from './tariff.ts';

/** What lifts or lowers a session's cost to a limit of its tariff. */
export type LimitKind = 'minimumPrice' | 'maximumPrice';

/**
 * One component's part of the bill. `quantity`: kWh for energy, hours for time and parking, 1 for flat; steps included. A
 * limit is a line too: its price is the limit, its amount what it adds, or takes away.
 */
export type CostLine = {
  readonly kind: ComponentKind | LimitKind;
  readonly price: string;
  readonly quantity: number;
  /** Without VAT, six decimals. */
  readonly amount: string;
};

export type SessionCost = {
  readonly tariffId: string;
  readonly currency: string;
  /** Minor units of the currency, rounded once, halves up. */
  readonly totalMinor: number;
  readonly totalWithVatMinor: number;
  readonly lines: readonly CostLine[];
  /** `totalMinor` over the clock hours of the site in which it arose; adds up to it exactly. */
  readonly hours: readonly { readonly startAt: number; readonly minor: number }[];
};

export const amountOf = ({ component, quantity }: Pick<PricedPiece, 'component' | 'quantity'>): ExactAmount => {
  switch (component.kind) {
    case 'energy':
      return energyAmount(component.price, quantity);
    case 'time':
    case 'parking':
      return timeAmount(component.price, quantity);
    case 'flat':
      return flatAmount(component.price);
  }
};

const UNITS = { energy: 1_000_000, time: 3_600_000, parking: 3_600_000, flat: 1 } as const;

/** What rounding up to the last component's step adds, billed at that component's price. */
const stepExtra = (pieces: readonly PricedPiece[], kind: ComponentKind): PricedPiece[] => {
  const ofKind = pieces.filter((piece) => piece.component.kind === kind);
  const last = ofKind.at(-1);
  // stepSize is Wh or seconds, quantities are mWh or ms: a thousand of them either way.
  const step = BigInt(Math.round((last?.component.stepSize ?? 0) * 1000));
  if (last === undefined || step === 0n) return [];
  const used = ofKind.reduce((sum, { quantity }) => sum + quantity, 0n);
  const missing = (step - (used % step)) % step;
  return missing === 0n ? [] : [{ ...last, fromAt: last.toAt, quantity: missing }];
};

const isTimed = (pieces: readonly PricedPiece[]): boolean =>
  pieces.some(({ component }) => component.kind === 'parking');

/**
 * Everything billed for a session: its pieces and what the steps add. As in OCPI, steps count once for energy and once for
 * time, for parking if there was any.
 */
export const billedPieces = (
  metered: Metered,
  tariff: Tariff,
  timeZone: string,
  cuts: readonly number[] = [],
): PricedPiece[] => {
  const pieces = pricedPieces(metered, tariff, timeZone, cuts);
  return [...pieces, ...stepExtra(pieces, 'energy'), ...stepExtra(pieces, isTimed(pieces) ? 'parking' : 'time')];
};

const sum = (amounts: readonly ExactAmount[]): ExactAmount => amounts.reduce((total, amount) => total + amount, 0n);

/** What a piece costs without and with VAT. */
const amountsOf = (piece: PricedPiece, { pricesIncludeVat }: Tariff): { net: ExactAmount; gross: ExactAmount } => {
  const amount = amountOf(piece);
  const vatPercent = piece.component.vatPercent ?? 0;
  return pricesIncludeVat
    ? { net: withoutVat(amount, vatPercent), gross: amount }
    : { net: amount, gross: amount + vatOn(amount, vatPercent) };
};

const costLines = (pieces: readonly PricedPiece[], tariff: Tariff): CostLine[] => {
  const byComponent = Map.groupBy(pieces, ({ component }): PriceComponent => component);
  return [...byComponent].map(([component, ofComponent]) => ({
    kind: component.kind,
    price: component.price,
    quantity: Number(ofComponent.reduce((total, { quantity }) => total + quantity, 0n)) / UNITS[component.kind],
    amount: toDecimal(sum(ofComponent.map((piece) => amountsOf(piece, tariff).net))),
  }));
};

type Totals = { readonly net: ExactAmount; readonly gross: ExactAmount };

/** A total moved to a limit. With VAT it follows in proportion where the limit names no amount of its own for it. */
const limited = (
  { net, gross }: Totals,
  limit: PriceLimit | undefined,
  exceeds: (amount: ExactAmount, limit: ExactAmount) => boolean,
): Totals => {
  if (limit === undefined) return { net, gross };
  const netLimit = flatAmount(limit.withoutVat);
  const limitedNet = exceeds(net, netLimit) ? netLimit : net;
  if (limit.withVat === undefined)
    return { net: limitedNet, gross: net === 0n ? limitedNet : (gross * limitedNet) / net };
  const grossLimit = flatAmount(limit.withVat);
  return { net: limitedNet, gross: exceeds(gross, grossLimit) ? grossLimit : gross };
};

const limitLine = (kind: LimitKind, limit: PriceLimit | undefined, change: ExactAmount): CostLine[] =>
  limit === undefined || change === 0n
    ? []
    : [{ kind, price: limit.withoutVat, quantity: 1, amount: toDecimal(change) }];

/**
 * What a session costs under a tariff: metered energy and time of every interval at that interval's price, site local time.
 * Pure and exact: the sum is formed from whole numbers and rounded once.
 */
export const sessionCost = (metered: Metered, tariff: Tariff, timeZone: string): SessionCost => {
  const { startedAt, endedAt } = metered;
  // Cost from before the longest time that is told in hours stands in the first of them, as energy does.
  const spans = localHours(timeZone, Math.max(startedAt, endedAt - 1 - LONGEST_SESSION_MS), endedAt);
  const hours = spans.length > 0 ? spans : [localHour(timeZone, startedAt)];
  const pieces = billedPieces(
    metered,
    tariff,
    timeZone,
    hours.map(({ startAt }) => startAt),
  );
  const amounts = pieces.map((piece) => amountsOf(piece, tariff));
  const priced = { net: sum(amounts.map(({ net }) => net)), gross: sum(amounts.map(({ gross }) => gross)) };
  const lifted = limited(priced, tariff.minPrice, (amount, limit) => amount < limit);
  const total = limited(lifted, tariff.maxPrice, (amount, limit) => amount > limit);
  const totalMinor = toMinor(total.net, tariff.currency);

  const hourly = hours.map((): ExactAmount => 0n);
  for (const [index, { fromAt }] of pieces.entries()) {
    // What arises at the very end of the session (steps) belongs to its last hour.
    const hour = Math.max(
      0,
      hours.findLastIndex(({ startAt }) => startAt <= fromAt),
    );
    hourly[hour] = (hourly[hour] ?? 0n) + (amounts[index]?.net ?? 0n);
  }
  const minors = splitMinor(totalMinor, hourly);
  return {
    tariffId: tariff.tariffId,
    currency: tariff.currency,
    totalMinor,
    totalWithVatMinor: toMinor(total.gross, tariff.currency),
    lines: [
      ...costLines(pieces, tariff),
      ...limitLine('minimumPrice', tariff.minPrice, lifted.net - priced.net),
      ...limitLine('maximumPrice', tariff.maxPrice, total.net - lifted.net),
    ],
    hours: hours.map(({ startAt }, index) => ({ startAt, minor: minors[index] ?? 0 })),
  };
};
