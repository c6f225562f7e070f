import { sum } from '../../kernel/sum.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import { scopeOf } from '../grid-signal.ts';
import type { SignalRecord } from '../signal-record.ts';
import type { OpenAdrEvent, ReportRequest } from './openadr-event.ts';
import type { OpenAdrServer } from './openadr-server.ts';

/** What is known when a report is made. Powers are W. */
export type ReportFacts = {
  /** The signals of the event that ran or run. */
  readonly records: readonly SignalRecord[];
  /** What could still be shed in the zones of the event. */
  readonly sheddableW: number;
  readonly now: number;
};

const isPower = ({ type }: ReportRequest): boolean => type !== 'OPERATING_STATE';

/** OPERATING_STATE as OpenADR enumerates it. */
const operatingState = (records: readonly SignalRecord[]): string => {
  if (records.some(({ endedAs }) => endedAs === 'failed')) return 'ERROR';
  return records.some(({ state }) => state === 'active') ? 'RUNNING_CURTAILED' : 'RUNNING_NORMAL';
};

const at = ({ activatedAt = 0 }: SignalRecord): number => activatedAt;

/**
 * The signals whose figures are told: of each zone or site one, as the figures of a signal are about all its stations. Those
 * that run count; between intervals those whose return is watched, after the last what was known last.
 */
const countedOf = (records: readonly SignalRecord[]): readonly SignalRecord[] => {
  const planned = records.filter(({ figures }) => figures !== undefined);
  const states = ['active', 'restoring', 'ended'] as const;
  const counted = states.map((state) => planned.filter((record) => record.state === state));
  const latest = (counted.find((some) => some.length > 0) ?? []).toSorted((one, other) => at(one) - at(other));
  return [...new Map(latest.map((record) => [scopeOf(record.signal), record])).values()];
};

const tellingOf = ({ type, unit }: ReportRequest, { records, sheddableW }: ReportFacts): number | string => {
  const inUnit = (powerW: number): number => {
    const roundedW = Math.round(powerW / 10) * 10;
    return unit === 'W' ? roundedW : roundedW / 1_000;
  };
  const counted = countedOf(records);
  const baselineW = sum(counted.map(({ figures }) => figures?.baselineW ?? 0));
  switch (type) {
    case 'BASELINE':
      return inUnit(baselineW);
    case 'DEMAND':
      return inUnit(baselineW - sum(counted.map(({ lastCheck }) => lastCheck?.deliveredW ?? 0)));
    case 'OPERATING_STATE':
      return operatingState(records);
    case 'LOAD_SHED_DELTA_AVAILABLE':
      return inUnit(sheddableW);
    default:
      return unreachable(type);
  }
};

/**
 * The report of an event for its server: one resource that stands for all stations, one interval of a minute. Only what the
 * event asked for is told.
 */
export const openAdrReport = (
  { clientName, version }: OpenAdrServer,
  event: OpenAdrEvent,
  facts: ReportFacts,
): Readonly<Record<string, unknown>> => {
  const asked = [...new Map(event.reports.map((one) => [one.type, one])).values()];
  return {
    objectType: 'REPORT',
    ...(version === '3.0' && { programID: event.programId }),
    eventID: event.eventId,
    clientName,
    reportName: `${clientName} ${event.eventId}`.slice(0, 128),
    payloadDescriptors: asked.map((one) => ({
      objectType: 'REPORT_PAYLOAD_DESCRIPTOR',
      payloadType: one.type,
      readingType: 'DIRECT_READ',
      ...(isPower(one) && { units: one.unit }),
    })),
    resources: [
      {
        resourceName: 'AGGREGATED_REPORT',
        intervalPeriod: { start: new Date(facts.now).toISOString(), duration: 'PT1M' },
        intervals: [{ id: 0, payloads: asked.map((one) => ({ type: one.type, values: [tellingOf(one, facts)] })) }],
      },
    ],
  };
};
