import * as z from 'zod';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import { FUTURE_MS, type LimitScope, type SignalType, type SiteSignal } from '../../domain/site/site-signal.ts';
import { signalContracts, signalTypes, topicNames } from './signal-contracts.ts';

/** A signal that is none: not of its contract, or from the future. The message says what is wrong with it. */
export class SignalRefused extends Rejected {
  override readonly name = 'SignalRefused';
}

/** How a signal came in: what it is called, for which site, from whom and when. */
export type SignalDoor = {
  /** Name of the signal, or of its topic. */
  readonly name: string;
  /** The site the transport names; without it, the signal's own word. */
  readonly siteId?: string;
  readonly by: string;
  /** Whose limits it brings, where that does not follow from the sender (`limitSource`). */
  readonly source?: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
};

const typeOf = (name: string): SignalType => {
  const type = signalTypes.find((known) => known === name || topicNames[known] === name);
  if (type === undefined)
    throw new SignalRefused(`There is no signal ${name}: known are ${Object.values(topicNames).join(', ')}`);
  return type;
};

const parsed = <Shape>(type: SignalType, contract: z.ZodType<Shape>, said: unknown): Shape => {
  const { data, error } = contract.safeParse(said);
  if (error) throw new SignalRefused(`${type}: ${z.prettifyError(error).replaceAll('\n', ' ')}`);
  return data;
};

const scopeOf = ({
  scope,
  feederId,
  stationId,
  limitW,
  limitA,
}: z.infer<(typeof signalContracts)['SiteLimitSet']>): LimitScope => {
  if (scope === 'phases' ? limitW !== undefined : limitA !== undefined)
    throw new SignalRefused('SiteLimitSet: a limit of phases is in A (limitA), any other in W (limitW)');
  if (scope === 'station') {
    if (stationId === undefined) throw new SignalRefused('SiteLimitSet: a limit of a station names it (stationId)');
    return { kind: scope, stationId };
  }
  if (scope !== 'feeder') return { kind: scope };
  if (feederId === undefined) throw new SignalRefused('SiteLimitSet: a limit of a feeder names it (feederId)');
  return { kind: scope, feederId };
};

const spansOf = ({ prices }: z.infer<(typeof signalContracts)['PricesPublished']>) => {
  const spans = prices.map(({ from, to, tier, perKwh }) => ({ from, ...omitUndefined({ to, tier, perKwh }) }));
  if (spans.some(({ tier, perKwh }) => tier === undefined && perKwh === undefined))
    throw new SignalRefused('PricesPublished: a price has a tier or a price per kWh (perKwh)');
  if (spans.some(({ from, to }) => to !== undefined && to <= from))
    throw new SignalRefused('PricesPublished: a price ends after it begins');
  return spans.sort((a, b) => a.from - b.from);
};

/** Without a limit the last one is taken back: then it says nothing that nobody reads, which may be a limit by another name. */
const refuseMore = (read: object, body: unknown): void => {
  const more = Object.keys(Object(body)).find((name) => !Object.hasOwn(read, name));
  if (more !== undefined)
    throw new SignalRefused(`SiteLimitSet: a limit is said by limitW or limitA, and ${more} means nothing`);
};

/**
 * Reads a signal from its door: checked against its contract, with its instants as ms. Throws SignalRefused, saying what is
 * wrong.
 */
export const readSiteSignal = (
  { name, siteId: named, by, source, receivedAt }: SignalDoor,
  said: unknown,
): SiteSignal => {
  const type = typeOf(name);
  const body: unknown =
    named !== undefined && typeof said === 'object' && said !== null ? { siteId: named, ...said } : said;
  const about = ({ siteId, time: at }: { readonly siteId: string; readonly time: number }) => {
    if (named !== undefined && siteId !== named)
      throw new SignalRefused(`${type}: it is for site ${siteId}, but was sent for ${named}`);
    if (at > receivedAt + FUTURE_MS) throw new SignalRefused(`${type}: its time lies in the future`);
    return { siteId, at, receivedAt, by };
  };
  switch (type) {
    case 'SiteDemandMeasured': {
      const { powerW, evPowerW, currentA, ...header } = parsed(type, signalContracts[type], body);
      return {
        type,
        ...about(header),
        powerW,
        ...omitUndefined({ evPowerW, currentA: currentA && omitUndefined(currentA) }),
      };
    }
    case 'PricesPublished': {
      const prices = parsed(type, signalContracts[type], body);
      return { type, ...about(prices), prices: spansOf(prices), ...omitUndefined({ currency: prices.currency }) };
    }
    case 'SiteLimitSet': {
      const limit = parsed(type, signalContracts[type], body);
      const { limitW, limitA, from = limit.time, to } = limit;
      if (limitW === undefined && limitA === undefined) refuseMore(limit, body);
      if (to !== undefined && to <= from) throw new SignalRefused(`${type}: a limit ends after it begins`);
      if (to !== undefined && to <= receivedAt) throw new SignalRefused(`${type}: it has ended already`);
      const said = omitUndefined({ limit: limitW ?? limitA, to, source });
      return { type, ...about(limit), scope: scopeOf(limit), from, ...said };
    }
    case 'BidSet': {
      const { stationId, evseId, perKwh, currency, ...header } = parsed(type, signalContracts[type], body);
      return { type, ...about(header), stationId, evseId, perKwh, currency };
    }
    case 'PrioritySet': {
      const { stationId, evseId, priority, ...header } = parsed(type, signalContracts[type], body);
      return { type, ...about(header), stationId, evseId, priority };
    }
    case 'DepartureSet': {
      const wish = parsed(type, signalContracts[type], body);
      const { stationId, evseId, departureAt, energyWh, expiresAt = wish.time + HOUR_MS } = wish;
      if (departureAt <= receivedAt) throw new SignalRefused(`${type}: the departure has passed`);
      return { type, ...about(wish), stationId, evseId, departureAt, expiresAt, ...omitUndefined({ energyWh }) };
    }
    case 'OptOutSet': {
      const { stationId, evseId, optedOut, reason, ...header } = parsed(type, signalContracts[type], body);
      return { type, ...about(header), stationId, evseId, optedOut, ...omitUndefined({ reason }) };
    }
    default:
      return unreachable(type);
  }
};
