import type { SignalPriority } from '../grid-signal.ts';

/** One payload of an OpenADR 3 interval, with the unit its descriptor names. */
export type OpenAdrPayload = {
  readonly type: string;
  readonly values: readonly (number | string | boolean)[];
  readonly units?: string;
};

/** What a program's payloads mean here: an operator states it once, since OpenADR leaves it to the program. */
export type ProgramTable = {
  /** kW of SIMPLE 1, 2 and 3. */
  readonly simpleW?: { readonly 1: number; readonly 2: number; readonly 3: number };
  /** Whether a positive DISPATCH_SETPOINT_RELATIVE reduces load (the usual reading) or is a change of it. */
  readonly relative?: 'reduction' | 'change';
  /** kW of CONTROL_LEVEL_OFFSET by level. */
  readonly levelOffsetsW?: Readonly<Record<string, number>>;
  /** kW of an alert. */
  readonly alertW?: { readonly emergency: number; readonly flex: number };
  /** Tiers by price or by CO2, each from a value on; in rising order. */
  readonly priceTiers?: readonly TierStep[];
  readonly ghgTiers?: readonly TierStep[];
};
export type TierStep = { readonly from: number; readonly tier: string };

/**
 * What a payload asks, in the model of demand response. 'reduce' is a reduction by so much, 'reduce-to' down to a load (how
 * much that is, the frozen baseline tells), 'import' parts of the limit of a site, 'hold' a pause until further notice.
 */
export type PayloadMeaning =
  | { readonly kind: 'restore' }
  | {
      readonly kind: 'reduce';
      readonly type: 'CURTAIL' | 'SHED';
      readonly priority: SignalPriority;
      readonly reductionW: number;
    }
  | { readonly kind: 'reduce-to'; readonly priority: SignalPriority; readonly loadW: number }
  | { readonly kind: 'load-up'; readonly increaseW: number }
  | { readonly kind: 'reduce-share'; readonly priority: SignalPriority; readonly percent: number }
  | { readonly kind: 'import'; readonly part: 'limit' | 'subscription' | 'reservation'; readonly powerW: number }
  | { readonly kind: 'tiers'; readonly tiers: readonly string[] }
  | { readonly kind: 'hold' }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): PayloadMeaning => ({ kind: 'refused', why });

const wattsPerUnit: Readonly<Record<string, number>> = { W: 1, KW: 1000, MW: 1_000_000 };

/** A power in W. Without a unit it is refused: a factor of a thousand is not to be guessed. */
const powerW = ({ type, values: [value], units }: OpenAdrPayload): number | string => {
  const factor = units === undefined ? undefined : wattsPerUnit[units.toUpperCase()];
  if (factor === undefined)
    return `${type} names ${units === undefined ? 'no unit' : `the unit ${units}`}: W, KW or MW`;
  return typeof value === 'number' && Number.isFinite(value) ? value * factor : `${type} has no number as its value`;
};

const withPower = (payload: OpenAdrPayload, meaning: (powerW: number) => PayloadMeaning): PayloadMeaning => {
  const found = powerW(payload);
  return typeof found === 'string' ? refused(found) : meaning(found);
};

/** OpenADR's priority: 0 is the highest, absent the lowest. Serves payloads whose type does not tell how urgent they are. */
export const priorityOf = (priority: number | undefined): SignalPriority => {
  if (priority === 0) return 1;
  return priority === 1 ? 2 : 3;
};

const simple = ({ values: [level] }: OpenAdrPayload, { simpleW }: ProgramTable): PayloadMeaning => {
  if (level === 0) return { kind: 'restore' };
  if (level !== 1 && level !== 2 && level !== 3) return refused(`SIMPLE has no level ${String(level)}`);
  if (simpleW === undefined) return refused('the program has no kW for the levels of SIMPLE');
  const reductionW = simpleW[level];
  if (level === 3) return { kind: 'reduce', type: 'SHED', priority: 1, reductionW };
  return { kind: 'reduce', type: 'CURTAIL', priority: level === 1 ? 3 : 2, reductionW };
};

const alert = (emergency: boolean, { alertW }: ProgramTable): PayloadMeaning => {
  if (alertW === undefined) return refused('the program has no kW for alerts');
  return emergency
    ? { kind: 'reduce', type: 'SHED', priority: 1, reductionW: alertW.emergency }
    : { kind: 'reduce', type: 'CURTAIL', priority: 3, reductionW: alertW.flex };
};

/** Several values split their interval equally. Below the first step nothing is known of the price: that is told, not guessed. */
const tiersOf = ({ type, values }: OpenAdrPayload, steps: readonly TierStep[] | undefined): PayloadMeaning => {
  if (steps === undefined) return refused(`the program has no tiers for ${type}`);
  const tiers = values.map((value) =>
    typeof value === 'number' ? steps.findLast(({ from }) => value >= from)?.tier : undefined,
  );
  const found = tiers.filter((tier) => tier !== undefined);
  return found.length === tiers.length && found.length > 0
    ? { kind: 'tiers', tiers: found }
    : refused(`${type} has a value below the lowest tier, or none that is a number`);
};

const levelOffset = (
  { values: [level] }: OpenAdrPayload,
  { levelOffsetsW }: ProgramTable,
  priority: SignalPriority,
): PayloadMeaning => {
  const offsetsW = levelOffsetsW ?? {};
  const reductionW = Object.hasOwn(offsetsW, String(level)) ? offsetsW[String(level)] : undefined;
  return reductionW === undefined
    ? refused(`the program has no kW for CONTROL_LEVEL_OFFSET ${String(level)}`)
    : { kind: 'reduce', type: 'CURTAIL', priority, reductionW };
};

const relative = (
  changeW: number,
  { relative: sign = 'reduction' }: ProgramTable,
  priority: SignalPriority,
): PayloadMeaning => {
  const reductionW = sign === 'reduction' ? changeW : -changeW;
  return reductionW >= 0
    ? { kind: 'reduce', type: 'CURTAIL', priority, reductionW }
    : { kind: 'load-up', increaseW: -reductionW };
};

type Reader = (payload: OpenAdrPayload, program: ProgramTable, priority: SignalPriority) => PayloadMeaning;

const importPart =
  (part: 'limit' | 'subscription' | 'reservation'): Reader =>
  (payload) =>
    withPower(payload, (power) =>
      power >= 0 ? { kind: 'import', part, powerW: power } : refused(`${payload.type} is negative`),
    );

/** Payload types of OpenADR 3.0 to 3.1.1 that are acted on. */
export const payloadReaders: Readonly<Record<string, Reader>> = {
  SIMPLE: simple,
  DISPATCH_SETPOINT: (payload, _, priority) =>
    withPower(payload, (loadW) => ({ kind: 'reduce-to', priority, loadW: Math.max(0, loadW) })),
  DISPATCH_SETPOINT_RELATIVE: (payload, program, priority) =>
    withPower(payload, (changeW) => relative(changeW, program, priority)),
  IMPORT_CAPACITY_LIMIT: importPart('limit'),
  IMPORT_CAPACITY_SUBSCRIPTION: importPart('subscription'),
  IMPORT_CAPACITY_RESERVATION: importPart('reservation'),
  PRICE: (payload, { priceTiers }) => tiersOf(payload, priceTiers),
  GHG: (payload, { ghgTiers }) => tiersOf(payload, ghgTiers),
  ALERT_GRID_EMERGENCY: (_, program) => alert(true, program),
  ALERT_FLEX_ALERT: (_, program) => alert(false, program),
  ALERT_BLACK_START: () => ({ kind: 'hold' }),
  CONTROL_LEVEL_OFFSET: levelOffset,
  CONTROL_LEVEL_OFFSET_PERCENT: ({ values: [percent] }, _, priority) =>
    typeof percent === 'number' && percent >= 0 && percent <= 100
      ? { kind: 'reduce-share', priority, percent }
      : refused(`CONTROL_LEVEL_OFFSET_PERCENT has no percentage: ${String(percent)}`),
};

/** What a payload means; refused with a reason where it is not acted on. The type sets how urgent it is, else the event. */
export const meaningOf = (
  payload: OpenAdrPayload,
  program: ProgramTable,
  eventPriority: number | undefined,
): PayloadMeaning => {
  const read = Object.hasOwn(payloadReaders, payload.type) ? payloadReaders[payload.type] : undefined;
  return read?.(payload, program, priorityOf(eventPriority)) ?? refused(`${payload.type} is not acted on`);
};

/** So much less than the baseline, for a payload that names the load to come down to, W. */
export const reductionToW = (baselineW: number, loadW: number): number => Math.max(0, baselineW - loadW);

/**
 * The import limit in force, W: the limit of the event, or, when its schedule is exhausted or the server is silent, what is
 * subscribed; reservations come on top of the subscription. Undefined where nothing limits.
 */
export const importLimitW = (parts: {
  readonly limitW?: number;
  readonly subscriptionW?: number;
  readonly reservationW?: number;
}): number | undefined =>
  parts.limitW ?? (parts.subscriptionW === undefined ? undefined : parts.subscriptionW + (parts.reservationW ?? 0));
