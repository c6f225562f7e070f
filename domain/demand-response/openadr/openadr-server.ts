import { type FieldReader, fieldReader } from '../../kernel/field-reader.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { refusing } from '../refusing.ts';
import type { ProgramTable, TierStep } from './openadr-payload.ts';

/** Where events of a program act: reductions in a zone, limits and prices at sites. */
export type ProgramPlace = {
  /** The target of an event that means this place. Without one: what events without a target mean. */
  readonly target?: string;
  readonly zoneId?: string;
  readonly siteIds: readonly string[];
};

/** A program we take part in. */
export type ConfiguredProgram = {
  /** Its name at the server, or its id. */
  readonly program: string;
  readonly places: readonly ProgramPlace[];
  readonly table: ProgramTable;
};

const openAdrVersions = ['3.0', '3.1'] as const;

/** An OpenADR 3 server (VTN) whose events are followed. Its credential is kept apart. */
export type OpenAdrServer = {
  readonly serverId: string;
  /** Base address, such as https://vtn.example.com/openadr3/3.1.0. */
  readonly url: string;
  readonly version: (typeof openAdrVersions)[number];
  /** Where tokens are issued. By default the server tells (3.1) or it is /auth/token below `url`. */
  readonly tokenUrl?: string;
  readonly scope?: string;
  /** What we call ourselves in reports and subscriptions. */
  readonly clientName: string;
  /** Whether the server is asked to notify us; events are fetched every minute all the same. */
  readonly subscribes: boolean;
  readonly programs: readonly ConfiguredProgram[];
};

const idPattern = /^[\w.:@/ -]{1,128}$/u;
const kw = { min: 0, max: 10_000_000, decimals: 2 } as const;
const watts = (fields: FieldReader, name: string): number =>
  Math.round(fields.needed(name, fields.number(name, kw)) * 100) * 10;

/** https, except for a server on this very machine. */
const addressIn = (fields: FieldReader, name: string): string | undefined => {
  const text = fields.text(name);
  if (text === undefined) return undefined;
  if (!/^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*)?$/.test(text))
    return fields.refuse(name, `must be an https address: ${text}`);
  return text.replace(/\/+$/, '');
};

const tiersIn = (fields: FieldReader, name: string): readonly TierStep[] | undefined => {
  if (!fields.has(name)) return undefined;
  const steps = fields.objects(name).map((step) => {
    step.onlyKnown(['from', 'tier']);
    return {
      from: step.needed('from', step.number('from')),
      tier: step.needed('tier', step.text('tier', /^[\w -]{1,40}$/)),
    };
  });
  if (steps.length === 0) fields.refuse(name, 'must have a step');
  if (steps.some(({ from }, index) => index > 0 && from <= (steps[index - 1]?.from ?? 0)))
    fields.refuse(name, 'must rise from step to step');
  return steps;
};

const tableIn = (fields: FieldReader): ProgramTable => {
  const simple = fields.object('simpleKw');
  simple?.onlyKnown(['1', '2', '3']);
  const alert = fields.object('alertKw');
  alert?.onlyKnown(['emergency', 'flex']);
  const offsets = fields.object('levelOffsetsKw');
  return omitUndefined({
    simpleW: simple && { 1: watts(simple, '1'), 2: watts(simple, '2'), 3: watts(simple, '3') },
    alertW: alert && { emergency: watts(alert, 'emergency'), flex: watts(alert, 'flex') },
    levelOffsetsW: offsets && Object.fromEntries(offsets.names().map((level) => [level, watts(offsets, level)])),
    relative: fields.word('relative', ['reduction', 'change'] as const),
    priceTiers: tiersIn(fields, 'priceTiers'),
    ghgTiers: tiersIn(fields, 'ghgTiers'),
  });
};

const placeIn = (fields: FieldReader): ProgramPlace => {
  fields.onlyKnown(['target', 'zoneId', 'siteIds']);
  const siteIds = (fields.list('siteIds') ?? []).map((siteId) =>
    typeof siteId === 'string' && idPattern.test(siteId) ? siteId : fields.refuse('siteIds', 'must be ids of sites'),
  );
  const zoneId = fields.text('zoneId', idPattern);
  if (zoneId === undefined && siteIds.length === 0) fields.refuse('zoneId', 'or siteIds must say where events act');
  return { siteIds, ...omitUndefined({ zoneId, target: fields.text('target', /^.{1,128}$/u) }) };
};

const tableKeys = ['simpleKw', 'alertKw', 'levelOffsetsKw', 'relative', 'priceTiers', 'ghgTiers'] as const;

const programIn = (fields: FieldReader): ConfiguredProgram => {
  fields.onlyKnown(['program', 'places', ...tableKeys]);
  const places = fields.objects('places').map(placeIn);
  if (places.length === 0) fields.refuse('places', 'must say where events act');
  const targets = places.map(({ target }) => target);
  if (new Set(targets).size < targets.length)
    fields.refuse('places', 'names a target twice, or two places without one');
  return { program: fields.needed('program', fields.text('program', /^.{1,128}$/u)), places, table: tableIn(fields) };
};

/**
 * Reads a server with its programs as an operator writes them (kW). Throws Rejected with the field and what would be right.
 * Secrets have no field here, so that none is stored by mistake.
 */
export const readOpenAdrServer = (value: unknown): OpenAdrServer =>
  refusing(() => {
    const fields = fieldReader(value, '', 'The server');
    fields.onlyKnown([...['serverId', 'url', 'version', 'tokenUrl', 'scope', 'clientName', 'subscribes', 'programs']]);
    const programs = fields.objects('programs').map(programIn);
    if (programs.length === 0) fields.refuse('programs', 'must name a program');
    if (new Set(programs.map(({ program }) => program)).size < programs.length)
      fields.refuse('programs', 'names a program twice');
    return {
      serverId: fields.needed('serverId', fields.text('serverId', /^[a-z\d][a-z\d-]{0,31}$/)),
      url: fields.needed('url', addressIn(fields, 'url')),
      version: fields.needed('version', fields.word('version', openAdrVersions)),
      clientName: fields.text('clientName', /^[\w -]{1,128}$/) ?? 'wattstream',
      subscribes: fields.flag('subscribes') ?? false,
      programs,
      ...omitUndefined({
        tokenUrl: addressIn(fields, 'tokenUrl'),
        scope: fields.text('scope', /^[\x21-\x7e ]{1,500}$/),
      }),
    };
  });
