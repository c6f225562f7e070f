import * as z from 'zod';
import type { GridPhase } from '../../domain/registry/electrics.ts';
import type { SignalType } from '../../domain/site/site-signal.ts';

/** ISO 8601 with its offset from UTC; read as ms since the epoch. */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const gridPhases = ['L1', 'L2', 'L3'] as const satisfies readonly GridPhase[];
const powerW = z.number().min(-1e9).max(1e9);
const currency = z.string().regex(/^[A-Z]{3}$/);

/** What every signal carries. */
const header = {
  version: z.literal(1).describe('Version of this contract.'),
  id: z.string().min(1).max(200).optional().describe('What the sender calls this signal; told again if it is refused.'),
  siteId: z.string().min(1).max(100).describe('The site. Over MQTT the topic says it, and it may be left out.'),
  time: instant.describe(
    'The instant the signal is about, not when it was sent. Of two signals about one thing the later one holds.',
  ),
};

const onEvse = {
  stationId: z.string().min(1).max(48).describe('Identity of the charging station.'),
  evseId: z.number().int().min(1).describe('EVSE of the station; in OCPP 1.6 the connector.'),
};

const span = z.object({
  from: instant.describe('When it begins to hold.'),
  to: instant.optional().describe('When it ends; without it, when the next one begins.'),
  tier: z.string().min(1).max(40).optional().describe('Price tier, such as ON_PEAK.'),
  perKwh: z.number().min(-1e4).max(1e4).optional().describe('Price of a kWh in units of the currency.'),
});

const SiteDemandMeasured = z
  .object({
    ...header,
    powerW: powerW.describe('What the site draws from the grid, W, chargers included; negative while it exports.'),
    evPowerW: powerW
      .optional()
      .describe("The chargers' part of it at the same instant, W, if the building system measures it."),
    currentA: z
      .partialRecord(z.enum(gridPhases), z.number().min(-1e5).max(1e5))
      .optional()
      .describe('Current of each phase of the grid connection, A.'),
  })
  .describe("The reading of a site's grid meter.");

const PricesPublished = z
  .object({
    ...header,
    currency: currency.optional().describe('Currency of the prices, ISO 4217.'),
    prices: z
      .array(span)
      .min(1)
      .max(200)
      .describe(
        'One entry for a spot price or a change of tier, or a list for days ahead. Replaces what was known before.',
      ),
  })
  .describe('Prices or price tiers of a site.');

const SiteLimitSet = z
  .object({
    ...header,
    scope: z
      .enum(['site', 'feeder', 'phases', 'station'])
      .describe('What is limited: the whole site, one feeder, each phase, or one station.'),
    feederId: z.string().min(1).max(100).optional().describe('The feeder; needed with scope feeder.'),
    stationId: z.string().min(1).max(48).optional().describe('The station; needed with scope station.'),
    limitW: z
      .number()
      .min(0)
      .max(1e9)
      .optional()
      .describe('The limit of a site, feeder or station, W. Absent: it is taken back.'),
    limitA: z.number().min(0).max(1e5).optional().describe('The limit of each phase, A. Absent: it is taken back.'),
    from: instant.optional().describe('When it begins; at `time` if absent.'),
    to: instant.optional().describe('When it ends; until it is replaced if absent.'),
  })
  .describe('A limit for a time. The lowest one of it, of those of other senders and of the configured limit counts.');

const BidSet = z
  .object({
    ...header,
    ...onEvse,
    perKwh: z.number().min(0).max(1e4).describe('What the driver offers per kWh.'),
    currency: currency.describe('Currency of the bid, ISO 4217.'),
  })
  .describe('What a driver offers for power: the weight of the car where the site shares by bids.');

const PrioritySet = z
  .object({
    ...header,
    ...onEvse,
    priority: z.number().int().min(1).max(9).describe('1 is served first; 2 is usual.'),
  })
  .describe('How early a car is served when there is not enough for all.');

const DepartureSet = z
  .object({
    ...header,
    ...onEvse,
    departureAt: instant.describe('When the car leaves.'),
    energyWh: z.number().min(0).max(1e6).optional().describe('What the session is to deliver until then in all, Wh.'),
    expiresAt: instant
      .optional()
      .describe('When the wish ends if no car has used it; one hour after `time` if absent.'),
  })
  .describe('When a car leaves and how much it needs until then.');

const OptOutSet = z
  .object({
    ...header,
    ...onEvse,
    optedOut: z
      .boolean()
      .describe('true: the driver takes no part in price and demand-response reductions; false: again does.'),
    reason: z.string().max(500).optional().describe('Why, for the record.'),
  })
  .describe('A driver leaves or joins flexible charging. The limits of site and feeders hold all the same.');

/** The contract of every signal: what building systems, price feeds and apps send. */
export const signalContracts = {
  SiteDemandMeasured,
  PricesPublished,
  SiteLimitSet,
  BidSet,
  PrioritySet,
  DepartureSet,
  OptOutSet,
} as const satisfies Record<SignalType, z.ZodType>;

export const signalTypes = Object.keys(signalContracts).filter((name): name is SignalType => name in signalContracts);

/** The last level of the MQTT topic of every signal: signals/{siteId}/demand. */
export const topicNames = {
  SiteDemandMeasured: 'demand',
  PricesPublished: 'prices',
  SiteLimitSet: 'limit',
  BidSet: 'bid',
  PrioritySet: 'priority',
  DepartureSet: 'departure',
  OptOutSet: 'opt-out',
} as const satisfies Record<SignalType, string>;
