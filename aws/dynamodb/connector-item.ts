import type { Connector } from '../../domain/connector/connector.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { ConnectorStatus } from '../../domain/kernel/connector-status.ts';
import type { Curve } from '../../domain/kernel/ended-session.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ProfileLog } from '../../domain/profile/profile-log.ts';
import type { ActiveSession } from '../../domain/session/active-session.ts';
import { shardOf } from '../shard-of.ts';
import { packed, unpacked } from './packed.ts';
import { tagKey } from './tag-list.ts';

type PackedSession = Pick<
  ActiveSession,
  | 'curve'
  | 'corridor'
  | 'toleranceWh'
  | 'times'
  | 'minutesOutdated'
  | 'register'
  | 'integratedWh'
  | 'sampleIntervalMs'
  | 'deliveredAt'
  | 'seqNo'
  | 'remoteStartId'
>;
/** The curve by its steps, seconds and Wh in turn: they take half the bytes of its points. */
type StoredSession = Omit<PackedSession, 'curve'> & { readonly steps: readonly number[] };
type Packed = Pick<Connector, 'outbox' | 'recent'> & {
  readonly session?: StoredSession;
} & Partial<
    Pick<
      Connector,
      'minute' | 'idle' | 'past' | 'refused' | 'unclaimed' | 'stationReport' | 'toldLateUntil' | 'replacedLimits'
    >
  > & {
    readonly place: Pick<Connector['place'], 'electrics' | 'vendor' | 'model' | 'firmware'>;
    readonly report?: Pick<NonNullable<Connector['report']>, 'receivedAt'>;
  };
type PlainSession = Omit<ActiveSession, keyof PackedSession>;

/** An item of table connectors: what indexes and resolvers read by name, the rest in `packed`. */
export type ConnectorItem = {
  readonly connectorKey: string;
  readonly connectorPath: string;
  readonly statusShard: string;
  readonly siteId: string;
  readonly region: string;
  readonly activeSiteId?: string;
  readonly activeTag?: string;
  /** Its site and region stand beside it: they are keys of indexes. */
  readonly place: Pick<Connector['place'], 'zoneId' | 'timeZone' | 'connectorType' | 'ratedW'>;
  readonly report?: Omit<NonNullable<Connector['report']>, 'receivedAt'>;
  readonly session?: PlainSession;
  readonly packed: Uint8Array;
  /** The charging profiles, packed with words of their own. */
  readonly profiles?: Uint8Array;
} & Pick<
  Connector,
  | 'stationId'
  | 'evseId'
  | 'connectorId'
  | 'status'
  | 'statusAt'
  | 'temperatureC'
  | 'pendingAvailability'
  | 'limits'
  | 'lastSeenAt'
  | 'guard'
  | 'rev'
>;

/**
 * Parts of a status in index `byStatus`. A partition takes 1,000 writes a second, and all of a network that comes back go to
 * one status: these many bear 2,000 stations a second with two connectors each. The page of keys in graphql/functions/
 * query-connectors.js repeats the number.
 */
export const STATUS_SHARDS = 4;

const shardName = (status: ConnectorStatus, shard: number): string => `${status}#${shard}`;

/** The part of index `byStatus` in which a connector stands: those of a station stand together. */
export const statusShard = ({ status, stationId }: Pick<Connector, 'status' | 'stationId'>): string =>
  shardName(status, shardOf(stationId, STATUS_SHARDS));

/** All parts of a status. */
export const shardsOfStatus = (status: ConnectorStatus): readonly string[] =>
  Array.from({ length: STATUS_SHARDS }, (_, shard) => shardName(status, shard));

/** Seconds and Wh are kept to the thousandth; sums of steps drift by less than that. */
const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

const stepsOf = (curve: Curve): readonly number[] =>
  curve.flatMap(([sec, wh], index) => {
    const [fromSec, fromWh] = curve[index - 1] ?? [0, 0];
    return [thousandths(sec - fromSec), thousandths(wh - fromWh)];
  });

const curveOf = (steps: readonly number[]): Curve => {
  let [sec, wh] = [0, 0];
  return Array.from({ length: steps.length / 2 }, (_, index) => {
    sec = thousandths(sec + (steps[2 * index] ?? 0));
    wh = thousandths(wh + (steps[2 * index + 1] ?? 0));
    return [sec, wh] as const;
  });
};

const split = (session: ActiveSession): { readonly plain: PlainSession; readonly inside: StoredSession } => {
  const { curve, corridor, toleranceWh, times, minutesOutdated, ...others } = session;
  const { register, integratedWh, sampleIntervalMs, deliveredAt, seqNo, remoteStartId, ...plain } = others;
  const ofCurve = { corridor, toleranceWh, times, minutesOutdated };
  const rest = omitUndefined({
    ...ofCurve,
    register,
    integratedWh,
    sampleIntervalMs,
    deliveredAt,
    seqNo,
    remoteStartId,
  });
  return { plain, inside: { steps: stepsOf(curve), ...rest } };
};

const joined = (plain: PlainSession, { steps, ...inside }: StoredSession): ActiveSession => ({
  ...plain,
  ...inside,
  curve: curveOf(steps),
});

const index = ({ stationId, evseId, connectorId, place, session, status }: Connector) => ({
  connectorKey: connectorSortKey({ evseId, connectorId }),
  connectorPath: `${stationId}#${connectorSortKey({ evseId, connectorId })}`,
  statusShard: statusShard({ status, stationId }),
  siteId: place.siteId,
  region: place.region,
  ...omitUndefined({
    activeSiteId: session && place.siteId,
    activeTag: session?.tag && !session.flags.includes('tagRefused') ? tagKey(session.tag) : undefined,
  }),
});

const withoutArrival = ({ receivedAt: _, ...said }: NonNullable<Connector['report']>) => said;

/** Profiles as they were last packed: they change with a command, and the connector with every meter value. */
const packedBefore = new WeakMap<ProfileLog, Uint8Array>();

const packedProfiles = (profiles: ProfileLog): Uint8Array => {
  const bytes = packedBefore.get(profiles) ?? packed(profiles, 'profiles');
  packedBefore.set(profiles, bytes);
  return bytes;
};

/** A connector as it is stored. */
export const connectorItem = (connector: Connector): ConnectorItem => {
  const {
    place,
    report,
    session,
    recent,
    minute,
    idle,
    past,
    refused,
    unclaimed,
    stationReport,
    toldLateUntil,
    replacedLimits,
    profiles,
    outbox,
    ...plain
  } = connector;
  const { siteId: _, region: __, electrics, vendor, model, firmware, ...here } = place;
  const parts = session && split(session);
  const content: Packed = {
    recent,
    outbox,
    place: omitUndefined({ electrics, vendor, model, firmware }),
    ...omitUndefined({
      report: report && { receivedAt: report.receivedAt },
      session: parts?.inside,
      minute,
      idle,
      past,
      refused,
      unclaimed,
      stationReport,
      toldLateUntil,
      replacedLimits,
    }),
  };
  return {
    ...plain,
    ...index(connector),
    place: here,
    ...omitUndefined({ report: report && withoutArrival(report), session: parts?.plain }),
    packed: packed(content),
    ...(profiles && { profiles: packedProfiles(profiles) }),
  };
};

/** The connector an item holds. Items of this table have one writer: what it wrote is what comes back. */
export const connectorFromItem = (item: Readonly<Record<string, unknown>>): Connector => {
  const stored = item as ConnectorItem;
  const {
    connectorKey: _,
    connectorPath: __,
    statusShard: ___,
    activeSiteId: ____,
    activeTag: _____,
    ...rest
  } = stored;
  const { packed: bytes, siteId, region, place, report, session, profiles, ...plain } = rest;
  const inside = unpacked(bytes) as Packed;
  const { report: alsoReport, session: alsoSession, place: alsoPlace, ...content } = inside;
  return {
    ...plain,
    ...content,
    place: { siteId, region, ...place, ...alsoPlace },
    ...omitUndefined({
      report: report && alsoReport && { ...report, ...alsoReport },
      session: session && alsoSession && joined(session, alsoSession),
      profiles: profiles && (unpacked(profiles, 'profiles') as ProfileLog),
    }),
  };
};
