import { type FieldReader, fieldReader } from '../../kernel/field-reader.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { refusing } from '../refusing.ts';
import type { IntervalPeriod, OpenAdrEventTimes } from './openadr-interval.ts';
import type { OpenAdrPayload } from './openadr-payload.ts';

/** What an OpenADR 3 server may ask to be told about an event, of what is known here. */
const reportTypes = ['DEMAND', 'BASELINE', 'OPERATING_STATE', 'LOAD_SHED_DELTA_AVAILABLE'] as const;
export type ReportType = (typeof reportTypes)[number];

/** What an event asks to be told: powers in this unit. */
export type ReportRequest = { readonly type: ReportType; readonly unit: 'W' | 'KW' };

export type OpenAdrInterval = {
  readonly id: number;
  readonly intervalPeriod?: IntervalPeriod;
  readonly payloads: readonly OpenAdrPayload[];
};

/** An event of OpenADR 3.0 or 3.1, as far as it is acted on. */
export type OpenAdrEvent = Omit<OpenAdrEventTimes, 'intervals'> & {
  readonly eventId: string;
  readonly programId: string;
  /** The instant of its last change, ms: with the id it names one content. */
  readonly version: number;
  readonly name?: string;
  /** 0 is the highest; absent is the lowest. */
  readonly priority?: number;
  /** Names of groups, sites and the like; those that name us as a whole are left out. */
  readonly targets: readonly string[];
  readonly intervals: readonly OpenAdrInterval[];
  readonly reports: readonly ReportRequest[];
  /** Why others that it asks for are not sent. */
  readonly reportRefusals: readonly string[];
};

/** A program, as far as it is acted on: units of payload types its events do not describe themselves. */
export type OpenAdrProgram = {
  readonly programId: string;
  readonly name: string;
  readonly units: Readonly<Record<string, string>>;
};

/** Targets of these types (3.0) name the program, the event or the whole of us, not a part of the network. */
const ofTheWhole = ['PROGRAM_NAME', 'EVENT_NAME', 'VEN_NAME'];

const reading = <Value>(what: string, value: unknown, read: (fields: FieldReader) => Value): Value =>
  refusing(() => read(fieldReader(value, '', what)));

const periodIn = (fields: FieldReader): IntervalPeriod | undefined => {
  const period = fields.object('intervalPeriod');
  return (
    period &&
    omitUndefined({
      start: period.text('start'),
      duration: period.text('duration'),
      randomizeStart: period.text('randomizeStart'),
    })
  );
};

/** Unit by payload type. A descriptor without one says nothing. */
const unitsIn = (fields: FieldReader): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fields.objects('payloadDescriptors').flatMap((descriptor) => {
      const [type, unit] = [descriptor.text('payloadType'), descriptor.text('units')];
      return type === undefined || unit === undefined ? [] : [[type, unit] as const];
    }),
  );

/** Typed in 3.0 ({type, values}), plain texts in 3.1. */
const targetsIn = (fields: FieldReader): readonly string[] =>
  (fields.list('targets') ?? []).flatMap((target): readonly string[] => {
    if (typeof target === 'string') return [target];
    const typed = fieldReader(target, 'targets');
    return ofTheWhole.includes(typed.text('type') ?? '') ? [] : (typed.list('values') ?? []).map(String);
  });

const isValue = (value: unknown): value is OpenAdrPayload['values'][number] =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';

const intervalIn = (fields: FieldReader, units: Readonly<Record<string, string>>): OpenAdrInterval => ({
  id: fields.number('id') ?? 0,
  ...omitUndefined({ intervalPeriod: periodIn(fields) }),
  payloads: fields.objects('payloads').map((payload) => {
    const type = payload.needed('type', payload.text('type'));
    const values = (payload.list('values') ?? []).filter(isValue);
    return { type, values, ...omitUndefined({ units: units[type] }) };
  }),
});

const versionIn = (fields: FieldReader): number => {
  const changed = fields.text('modificationDateTime') ?? fields.text('createdDateTime');
  const at = changed === undefined ? Number.NaN : Date.parse(changed);
  return Number.isNaN(at) ? fields.refuse('modificationDateTime', 'must be an instant') : at;
};

const isReportType = (type: string | undefined): type is ReportType => reportTypes.some((known) => known === type);

/** A reportDescriptor: what is asked for, or why it is not sent. Its times are not read: a report is sent whenever something is new. */
const reportIn = (descriptor: FieldReader): ReportRequest | string => {
  const type = descriptor.text('payloadType');
  if (type === undefined) return 'A report without a payloadType is not known here';
  if (!isReportType(type)) return `A report of ${type} is not known here`;
  const unit = descriptor.text('units') ?? 'KW';
  const readingType = descriptor.text('readingType') ?? 'DIRECT_READ';
  if (type !== 'OPERATING_STATE' && unit !== 'KW' && unit !== 'W')
    return `A report of ${type} in ${unit} is not known here`;
  if (readingType !== 'DIRECT_READ') return `A report of ${type} as ${readingType} is not known here`;
  if (descriptor.flag('historical') === false) return `A forecast of ${type} is not known here`;
  return { type, unit: unit === 'W' ? 'W' : 'KW' };
};

/** Reads an event of a server; `program` describes what the event itself does not. Throws Rejected for one that is none. */
export const readOpenAdrEvent = (value: unknown, program?: Pick<OpenAdrProgram, 'units'>): OpenAdrEvent =>
  reading('The event', value, (fields) => {
    const units = { ...program?.units, ...unitsIn(fields) };
    const asked = fields.objects('reportDescriptors').map(reportIn);
    return {
      eventId: fields.needed('id', fields.text('id', /^[\w-]{1,128}$/)),
      programId: fields.needed('programID', fields.text('programID')),
      version: versionIn(fields),
      targets: targetsIn(fields),
      intervals: fields.objects('intervals').map((interval) => intervalIn(interval, units)),
      reports: asked.filter((one) => typeof one !== 'string'),
      reportRefusals: asked.filter((one) => typeof one === 'string'),
      ...omitUndefined({
        name: fields.text('eventName'),
        priority: fields.number('priority', { min: 0 }),
        duration: fields.text('duration'),
        intervalPeriod: periodIn(fields),
      }),
    };
  });

/** Reads a program of a server. Throws Rejected for one that is none. */
export const readOpenAdrProgram = (value: unknown): OpenAdrProgram =>
  reading('The program', value, (fields) => ({
    programId: fields.needed('id', fields.text('id')),
    name: fields.needed('programName', fields.text('programName')),
    units: unitsIn(fields),
  }));
