import { type FieldReader, fieldReader } from '../kernel/field-reader.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { maximumWOf, minimumWOf } from '../registry/electrics.ts';
import type { RegisteredConnector } from '../registry/registration.ts';
import type { SignalArrival } from './read-signal.ts';
import { refusing } from './refusing.ts';

/** Who takes part in events of the grid in a way of its own. */
export type Participant =
  | { readonly kind: 'site'; readonly siteId: string }
  | { readonly kind: 'driver'; readonly tag: string };

/** What a connector keeps while a car charges at it, W. Of two that fit, the one that says more about the connector counts. */
export type KeptPower = {
  /** Of this station alone. */
  readonly stationId?: string;
  /** Of connectors of this type alone. */
  readonly connectorType?: string;
  /** In every event that keeps floors: what a contract promises, such as the 150 kW of the NEVI rules. */
  readonly minimumW?: number;
  /** In events of priority 3. */
  readonly comfortW?: number;
};

/** How the stations of a site, or the cars of a driver, take part in events of the grid. */
export type Participation = {
  readonly participant: Participant;
  /** Counts the changes. */
  readonly rev: number;
  /** Nothing is asked of it in events of priority 3. Those of priority 1 and 2 concern everybody. */
  readonly isOptedOut: boolean;
  /** Of a site. */
  readonly kept: readonly KeptPower[];
  readonly setAt: number;
  readonly setBy: string;
  readonly why?: string;
};

/** One word for a participant, for keys. Tags are the same in any case (OCPP: case-insensitive). */
export const participantKey = (participant: Participant): string =>
  participant.kind === 'site' ? `site#${participant.siteId}` : `driver#${participant.tag.toUpperCase()}`;

const MOST_KEPT = 200;
const MOST_KW = 2_000;
const wattsOf = (kilowatts: number | undefined): number | undefined =>
  kilowatts === undefined ? undefined : Math.round(kilowatts * 1_000);

const keptIn = (fields: FieldReader): KeptPower => {
  fields.onlyKnown(['stationId', 'connectorType', 'minimumKw', 'comfortKw']);
  const range = { min: 0, max: MOST_KW, decimals: 3 };
  const [minimumW, comfortW] = [fields.number('minimumKw', range), fields.number('comfortKw', range)].map(wattsOf);
  if (minimumW === undefined && comfortW === undefined)
    return fields.refuse('minimumKw', 'or comfortKw must say what is kept');
  if (minimumW !== undefined && comfortW !== undefined && comfortW < minimumW)
    fields.refuse('comfortKw', 'must not be below minimumKw');
  return omitUndefined({
    stationId: fields.text('stationId', /^.{1,48}$/u),
    connectorType: fields.text('connectorType', /^[^:]{1,30}$/u),
    minimumW,
    comfortW,
  });
};

const participantIn = (fields: FieldReader): Participant => {
  const [siteId, tag] = [fields.text('siteId', /^.{1,128}$/u), fields.text('tag', /^[\x20-\x7e]{1,36}$/)];
  if (siteId !== undefined && tag === undefined) return { kind: 'site', siteId };
  if (tag !== undefined && siteId === undefined) return { kind: 'driver', tag };
  return fields.refuse('siteId', 'or tag must say who takes part, one of them');
};

/** Who is meant by `siteId` or `tag`. Throws Rejected. */
export const readParticipant = (value: unknown): Participant =>
  refusing(() => participantIn(fieldReader(value, '', 'The participant')));

/**
 * Reads how somebody is to take part, as people write it: `siteId` or `tag`, `isOptedOut`, `kept` (of a site: a list with
 * `stationId`, `connectorType`, `minimumKw`, `comfortKw`) and `why`. All of it replaces what was set before. Throws Rejected
 * with the field and what would be right.
 */
export const readParticipation = (value: unknown, { receivedAt, by }: SignalArrival): Omit<Participation, 'rev'> =>
  refusing(() => {
    const fields = fieldReader(value, '', 'The participation');
    fields.onlyKnown(['siteId', 'tag', 'isOptedOut', 'kept', 'why']);
    const participant = participantIn(fields);
    const kept = fields.objects('kept').map(keptIn);
    if (kept.length > MOST_KEPT) fields.refuse('kept', `may have ${MOST_KEPT} entries at most`);
    if (participant.kind === 'driver' && kept.length > 0) fields.refuse('kept', 'is of stations: give it to a site');
    const why = fields.text('why', /^.{0,500}$/su);
    const isOptedOut = fields.flag('isOptedOut') ?? false;
    return { participant, isOptedOut, kept, setAt: receivedAt, setBy: by, ...omitUndefined({ why }) };
  });

/** How a station and the drivers at it take part. */
export type StationParticipation = {
  readonly site?: Participation;
  /** Tags of drivers who are opted out, in upper case. */
  readonly optedOutTags: ReadonlySet<string>;
};

const detailOf = ({ stationId, connectorType }: KeptPower): number =>
  (stationId === undefined ? 0 : 2) + (connectorType === undefined ? 0 : 1);

/** What a connector keeps while a car charges at it, W: never less than it needs to charge at all, nor more than it can give. */
export const keptWOf = (
  stationId: string,
  connector: RegisteredConnector,
  { site, optedOutTags }: StationParticipation,
  tag?: string,
): { readonly minimumW: number; readonly comfortW: number } => {
  const fitting = (site?.kept ?? [])
    .filter((one) => one.stationId === undefined || one.stationId === stationId)
    .filter((one) => one.connectorType === undefined || one.connectorType === connector.connectorType)
    .toSorted((one, other) => detailOf(other) - detailOf(one));
  const said = (of: (one: KeptPower) => number | undefined): number => fitting.map(of).find(Number.isFinite) ?? 0;
  const mostW = maximumWOf(connector);
  const minimumW = Math.min(
    mostW,
    Math.max(
      minimumWOf(connector),
      said((one) => one.minimumW),
    ),
  );
  const isOut = site?.isOptedOut === true || (tag !== undefined && optedOutTags.has(tag.toUpperCase()));
  return {
    minimumW,
    comfortW: isOut
      ? mostW
      : Math.min(
          mostW,
          Math.max(
            minimumW,
            said((one) => one.comfortW),
          ),
        ),
  };
};
