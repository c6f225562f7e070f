import { HOUR_MS } from '../kernel/durations.ts';
import { type FieldReader, fieldReader } from '../kernel/field-reader.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import {
  type GridSignal,
  type ReliefRequest,
  type Restoration,
  type SignalPriority,
  signalPriorities,
  signalTypes,
} from './grid-signal.ts';
import { refusing } from './refusing.ts';

/** What the transport knows of a signal, whatever is written in it. */
export type SignalArrival = { readonly receivedAt: number; readonly by: string };

/** A signal may be this long: programs that last for days are limits of a site, not events. */
export const LONGEST_MS = 7 * 24 * HOUR_MS;
/** And announced this long before. */
const EARLIEST_NOTICE_MS = 60 * 24 * HOUR_MS;

const idPattern = /^[\w.:@/ -]{1,128}$/u;
const kw = { min: 0, max: 10_000_000, decimals: 2 } as const;
const wattsOf = (kilowatts: number): number => Math.round(kilowatts * 100) * 10;

const commonKeys = ['signalId', 'version', 'type', 'priority', 'startAt', 'endAt', 'why', 'isAdditive'] as const;
const requestKeys = ['zoneId', 'reductionKw', 'increaseKw', 'siteId', 'curtailmentPct', 'baselineKw'] as const;

const instant = (fields: FieldReader, name: string): number | undefined => {
  const text = fields.text(name);
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? fields.refuse(name, `must be an ISO 8601 instant with its offset: ${text}`) : at;
};

const priorityOf = (given: number | undefined): SignalPriority =>
  signalPriorities.find((priority) => priority === given) ?? 2;

const id = (fields: FieldReader, name: string): string => fields.needed(name, fields.text(name, idPattern));

const scopes =
  'zones are asked for kilowatts (zoneId, reductionKw), sites for a share (siteId, curtailmentPct, baselineKw)';

const requestIn = (fields: FieldReader): ReliefRequest => {
  const asked = (['reductionKw', 'increaseKw', 'curtailmentPct'] as const).filter(fields.has);
  const [only] = asked;
  if (only === undefined || asked.length > 1)
    return fields.refuse('reductionKw', `or curtailmentPct must say what is asked, exactly one of them`);
  const belongs = (names: readonly string[]): void => {
    const foreign = requestKeys.find((name) => fields.has(name) && name !== only && !names.includes(name));
    if (foreign !== undefined) fields.refuse(foreign, `does not belong to ${only}: ${scopes}`);
  };
  const positive = (name: string): number => {
    const value = fields.needed(name, fields.number(name, kw));
    return value > 0 ? wattsOf(value) : fields.refuse(name, 'must be above 0');
  };
  switch (only) {
    case 'reductionKw':
      belongs(['zoneId']);
      return { kind: 'zone-reduction', zoneId: id(fields, 'zoneId'), reductionW: positive(only) };
    case 'increaseKw':
      // Cars draw what they want unless a limit holds them; whoever holds one lifts it where it was set.
      return fields.refuse(
        only,
        'cannot be asked: no charger can make a car draw more; lift the limit of the site instead',
      );
    case 'curtailmentPct': {
      belongs(['siteId', 'baselineKw']);
      const baselineKw = fields.number('baselineKw', kw);
      const percent = fields.needed(only, fields.number(only, { min: 0, max: 100 }));
      if (percent === 0) fields.refuse(only, 'must be above 0');
      return {
        kind: 'site-curtailment',
        siteId: id(fields, 'siteId'),
        percent,
        ...omitUndefined({ baselineW: baselineKw === undefined ? undefined : wattsOf(baselineKw) }),
      };
    }
  }
};

/**
 * Reads a signal as systems send it (kW, percent, ISO 8601 instants). Without a version it is 1, without a start it begins
 * on arrival; priority 2 where none is given. Throws Rejected with the field and what would be right.
 */
export const readSignal = (value: unknown, { receivedAt, by }: SignalArrival): GridSignal =>
  refusing(() => {
    const fields = fieldReader(value, '', 'The signal');
    fields.onlyKnown([...commonKeys, ...requestKeys]);
    const type = fields.needed('type', fields.word('type', signalTypes));
    const given = instant(fields, 'startAt');
    const startAt = given ?? receivedAt;
    const endAt = fields.needed('endAt', instant(fields, 'endAt'));
    if (endAt <= startAt) fields.refuse('endAt', 'must come after startAt');
    if (endAt <= receivedAt) fields.refuse('endAt', 'is over already');
    if (endAt - startAt > LONGEST_MS) fields.refuse('endAt', 'must be at most 7 days after startAt');
    if (startAt - receivedAt > EARLIEST_NOTICE_MS) fields.refuse('startAt', 'must be within the next 60 days');
    const request = requestIn(fields);
    return {
      signalId: id(fields, 'signalId'),
      version: fields.number('version', { min: 0, max: Number.MAX_SAFE_INTEGER, decimals: 0 }) ?? 1,
      type,
      priority: priorityOf(fields.number('priority', { min: 1, max: 3, decimals: 0 })),
      startAt,
      endAt,
      receivedAt,
      by,
      ...omitUndefined({
        why: fields.text('why', /^.{0,500}$/su),
        isAdditive: fields.flag('isAdditive') || undefined,
        startsOnArrival: given === undefined || undefined,
      }),
      ...request,
    };
  });

/** Reads a RESTORE: `signalIds`, or the `zoneId` or `siteId` whose signals end. Throws Rejected. */
export const readRestoration = (value: unknown, { receivedAt, by }: SignalArrival): Restoration =>
  refusing(() => {
    const fields = fieldReader(value, '', 'The restoration');
    fields.onlyKnown(['signalIds', 'zoneId', 'siteId', 'why']);
    const why = omitUndefined({ why: fields.text('why', /^.{0,500}$/su) });
    const arrival = { receivedAt, by, ...why };
    if (fields.has('zoneId')) return { kind: 'zone', zoneId: id(fields, 'zoneId'), ...arrival };
    if (fields.has('siteId')) return { kind: 'site', siteId: id(fields, 'siteId'), ...arrival };
    const signalIds = (fields.list('signalIds') ?? []).map((one) =>
      typeof one === 'string' && idPattern.test(one) ? one : fields.refuse('signalIds', `has no id: ${String(one)}`),
    );
    if (signalIds.length === 0) fields.refuse('signalIds', 'or zoneId or siteId must say what ends');
    if (signalIds.length > 50) fields.refuse('signalIds', 'may name 50 signals at most');
    return { kind: 'signals', signalIds, ...arrival };
  });
