import type { ProfilePurpose } from '../kernel/charging-profile.ts';
import type { CapabilitiesReported, CapabilityRefused, StationBooted } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import {
  type Feature,
  features,
  mergedCapabilities,
  type RefusedCapability,
  type ReportedCapabilities,
  type ReportPart,
} from '../kernel/reported-capabilities.ts';

/** How much of a report has arrived: runs of part numbers, ascending, [first, last]. */
export type ReportProgress = {
  readonly requestId: number;
  readonly runs: readonly (readonly [number, number])[];
  /** Number of the last part, once it is here. */
  readonly lastSeqNo?: number;
};

/** What is known of a station's abilities, for one firmware. It stands in the station's item. */
export type CapabilityRecord = {
  /** The firmware it is about. */
  readonly firmware?: string;
  /** When that firmware replaced another, 0 if it never did: what was told before is about the other. */
  readonly since: number;
  /** When the station last told something of it. */
  readonly toldAt?: number;
  readonly told: ReportedCapabilities;
  /** What commands found missing: off until another firmware boots, whatever the station tells. */
  readonly refused: readonly RefusedCapability[];
  /** Reports that are coming in or have come, the newest request last; at most two. */
  readonly reports?: readonly ReportProgress[];
};

const MOST_REPORTS = 2;
/** Of a report whose parts never join, the first pieces count. */
const MOST_RUNS = 16;
/** Actions, purposes, units and one stack level: more than an OCPP version has. */
const MOST_REFUSED = 64;

const blank = (since: number, firmware?: string): CapabilityRecord => ({
  since,
  told: {},
  refused: [],
  ...omitUndefined({ firmware }),
});

/** A station booted: with another firmware than before, everything known of its abilities is void. */
export const capabilitiesAfterBoot = (
  record: CapabilityRecord | undefined,
  { at, firmware }: Pick<StationBooted, 'at' | 'firmware'>,
): CapabilityRecord | undefined =>
  record === undefined || firmware === undefined || record.firmware === firmware ? record : blank(at, firmware);

type Run = readonly [number, number];

/** Adds one part to the runs; runs that touch become one. */
const withPart = (runs: readonly Run[], seqNo: number): readonly Run[] => {
  const joined = [...runs, [seqNo, seqNo] as const].toSorted((a, b) => a[0] - b[0]);
  const merged: Run[] = [];
  for (const [first, last] of joined) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1)
      merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged.slice(0, MOST_RUNS);
};

const progressed = (
  reports: readonly ReportProgress[] = [],
  { requestId, seqNo, isLast }: ReportPart,
): readonly ReportProgress[] => {
  const known = reports.find((report) => report.requestId === requestId) ?? { requestId, runs: [] };
  const next: ReportProgress = {
    ...known,
    runs: withPart(known.runs, seqNo),
    ...(isLast && { lastSeqNo: seqNo }),
  };
  const others = reports.filter((report) => report.requestId !== requestId);
  return [...others, next].slice(-MOST_REPORTS);
};

/** Whether every part of a report has arrived. */
export const isComplete = ({ runs, lastSeqNo }: ReportProgress): boolean =>
  lastSeqNo !== undefined && runs[0]?.[0] === 0 && runs[0][1] >= lastSeqNo;

/** The station told of its abilities, with `firmware` running. What it said before its firmware booted is about another one. */
export const capabilitiesTold = (
  record: CapabilityRecord | undefined,
  { at, receivedAt, capabilities, part }: CapabilitiesReported,
  firmware?: string,
): CapabilityRecord => {
  const known = record ?? blank(0, firmware);
  if (at < known.since) return known;
  const reports = part ? progressed(known.reports, part) : known.reports;
  return {
    ...known,
    told: mergedCapabilities(known.told, capabilities),
    toldAt: Math.max(known.toldAt ?? 0, receivedAt),
    ...omitUndefined({ reports }),
  };
};

const isSame = (one: RefusedCapability, other: RefusedCapability): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** A command found that the station cannot do something, with `firmware` running. */
export const capabilityRefused = (
  record: CapabilityRecord | undefined,
  { at, refused }: Pick<CapabilityRefused, 'at' | 'refused'>,
  firmware?: string,
): CapabilityRecord => {
  const known = record ?? blank(0, firmware);
  if (at < known.since || known.refused.some((one) => isSame(one, refused))) return known;
  return { ...known, refused: [...known.refused, refused].slice(-MOST_REFUSED) };
};

/**
 * What a station can do, as far as it is known: what it told, less what it refused. Nothing is known of what is absent;
 * `rateUnits` is never empty.
 */
export type Capabilities = Omit<ReportedCapabilities, 'available' | 'enabled'> & {
  /** The firmware it is about. */
  readonly firmware?: string;
  /** When the station last told something of it; absent: it never did. */
  readonly toldAt?: number;
  /** Whether a whole report was asked for, and how much of it is here. */
  readonly report: 'none' | 'partial' | 'complete';
  /** Features it has and that are switched on. */
  readonly features?: readonly Feature[];
  /** Purposes of profiles that it refused as such. */
  readonly refusedPurposes: readonly ProfilePurpose[];
  /** Whether a limit of the whole station may be sent: unless it has no smart charging or refused such a profile. */
  readonly hasStationMax: boolean;
  /** Actions it does not know, as its OCPP version names them. */
  readonly refusedActions: readonly string[];
};

const featuresOf = ({ available, enabled }: ReportedCapabilities): readonly Feature[] | undefined =>
  available === undefined && enabled === undefined
    ? undefined
    : features.filter(
        (feature) =>
          (available?.[feature] === true || (available?.[feature] === undefined && enabled?.[feature] === true)) &&
          enabled?.[feature] !== false,
      );

const reportOf = (reports: readonly ReportProgress[] = []): Capabilities['report'] => {
  if (reports.length === 0) return 'none';
  return reports.some(isComplete) ? 'complete' : 'partial';
};

const isLackingSmartCharging = ({ available, enabled }: ReportedCapabilities): boolean =>
  available?.SmartCharging === false || enabled?.SmartCharging === false;

/** What a station can do by its record; a station without one told nothing yet. */
export const capabilitiesOf = (record: CapabilityRecord | undefined): Capabilities => {
  const { firmware, toldAt, told, refused, reports } = record ?? blank(0);
  const refusedUnits = refused.flatMap((one) => (one.kind === 'rateUnit' ? [one.rateUnit] : []));
  const units = (told.rateUnits ?? ['A', 'W']).filter((unit) => !refusedUnits.includes(unit));
  const isUnitKnown = told.rateUnits !== undefined || refusedUnits.length > 0;
  const refusedPurposes = refused.flatMap((one) => (one.kind === 'purpose' ? [one.purpose] : []));
  const refusedLevels = refused.flatMap((one) => (one.kind === 'stackLevel' ? [one.stackLevel - 1] : []));
  const levels = [...omitAbsent(told.maxStackLevel), ...refusedLevels];
  const { available: _, enabled: __, rateUnits: ___, maxStackLevel: ____, ...figures } = told;
  return {
    report: reportOf(reports),
    ...figures,
    refusedPurposes,
    hasStationMax: !refusedPurposes.includes('station-max') && !isLackingSmartCharging(told),
    refusedActions: refused.flatMap((one) => (one.kind === 'action' ? [one.action] : [])),
    ...omitUndefined({
      firmware,
      toldAt,
      features: featuresOf(told),
      rateUnits: isUnitKnown && units.length > 0 ? units : undefined,
      maxStackLevel: levels.length > 0 ? Math.max(0, Math.min(...levels)) : undefined,
    }),
  };
};

const omitAbsent = (value: number | undefined): readonly number[] => (value === undefined ? [] : [value]);
