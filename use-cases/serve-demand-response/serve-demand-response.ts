import * as z from 'zod';
import type { EventReport } from '../../domain/demand-response/event-report.ts';
import type { GridSignal } from '../../domain/demand-response/grid-signal.ts';
import { inKw } from '../../domain/demand-response/in-kw.ts';
import { type Participation, readParticipant, readParticipation } from '../../domain/demand-response/participation.ts';
import { readRestoration, readSignal } from '../../domain/demand-response/read-signal.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import type { PlannedStation } from '../../domain/demand-response/zone-plan.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { argumentsOf, optional, page } from '../fields/arguments-of.ts';
import { pageToken, positionIn } from '../fields/page-token.ts';
import { withoutNulls } from '../fields/without-nulls.ts';
import { maySeeTags } from '../fields/without-tags.ts';
import type { ParticipationStore } from '../ports/demand-response/participation-store.ts';
import type { PlanStore } from '../ports/demand-response/plan-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type Fields, NotPermitted, permitted } from '../ports/field.ts';
import { zonesOfSignal } from '../respond-to-demand/event-zones.ts';
import { setParticipation } from '../respond-to-demand/set-participation.ts';
import { restoreSignals, type SubmitPorts, submitSignal } from '../respond-to-demand/submit-signal.ts';

export type ServeDemandResponsePorts = SubmitPorts & {
  readonly plans: Pick<PlanStore, 'load'>;
  readonly network: ZoneNetwork;
  readonly participations: ParticipationStore;
};

const One = z.object({ id: z.string().min(1).max(128) });
const Cancel = One.extend({ why: optional(z.string().max(500)) });
const List = z.object({ active: optional(z.boolean()), ...page });
const Submit = z.object({ signal: z.record(z.string(), z.unknown()) });
const SetArguments = z.object({ participation: z.record(z.string(), z.unknown()) });
const Who = z.object({ siteId: optional(z.string()), tag: optional(z.string()) });
const Zone = z.object({ zoneId: z.string().min(1).max(128) });

const kwOf = (powerW: number | undefined): number | undefined => (powerW === undefined ? undefined : inKw(powerW));
const isoOf = (at: number | undefined): string | undefined => (at === undefined ? undefined : iso(at));
const hundredths = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 100) / 100;

const requestOf = (signal: GridSignal) => {
  switch (signal.kind) {
    case 'zone-reduction':
      return { zoneId: signal.zoneId, reductionKw: inKw(signal.reductionW) };
    case 'site-curtailment':
      return { siteId: signal.siteId, curtailmentPct: signal.percent };
  }
};

const shown = ({ signal, state, endedAs, round, figures, lastCheck }: SignalRecord) => {
  const { signalId: id, version, type, priority, startAt, endAt, by, why } = signal;
  return {
    id,
    version,
    type,
    priority,
    ...requestOf(signal),
    startAt: iso(startAt),
    endAt: iso(endAt),
    by,
    state,
    round,
    ...omitUndefined({
      why,
      endedAs,
      baselineKw: kwOf(figures?.baselineW),
      askedKw: kwOf(figures?.askedW),
      plannedKw: kwOf(figures?.plannedW),
      shortfallKw: kwOf(figures?.shortfallW),
      deliveredKw: kwOf(lastCheck?.deliveredW),
      checkedAt: isoOf(lastCheck?.at),
    }),
  };
};

const standing = ({ creditW, sent }: PlannedStation): string =>
  creditW === undefined ? (sent?.answer ?? 'planned') : 'nonResponsive';

const shownStation = (station: PlannedStation) => {
  const { stationId, siteId, baselineW, shedW, capW, measuredW } = station;
  return {
    stationId,
    siteId,
    baselineKw: inKw(baselineW),
    shedKw: inKw(shedW),
    targetKw: inKw(capW),
    ...omitUndefined({ measuredKw: kwOf(measuredW) }),
    state: standing(station),
  };
};

const csvOf = ({ askedW, delivered }: EventReport): string =>
  ['at,askedKw,deliveredKw', ...delivered.map((one) => `${iso(one.at)},${inKw(askedW)},${inKw(one.deliveredW)}`)].join(
    '\n',
  );

const shownReport = (report: EventReport) => {
  const { signalId: id, version, metrics, baselinesW, stations, rounds, endedAs } = report;
  return {
    id,
    version,
    rounds,
    endedAs,
    startAt: iso(report.startAt),
    endAt: iso(report.endAt),
    askedKw: inKw(report.askedW),
    plannedKw: inKw(report.plannedW),
    baselineKw: inKw(baselinesW.frozen),
    steadyDeliveredKw: inKw(metrics.steadyDeliveredW),
    energyDeliveredKwh: Math.round(metrics.energyDeliveredWh * 10) / 10_000,
    shortfallKwh: Math.round(metrics.shortfallWh * 10) / 10_000,
    overshootKw: inKw(metrics.overshootW),
    stationsAsked: stations.asked,
    stationsPaused: stations.paused,
    stationsRefused: stations.refused,
    stationsSilent: stations.silent,
    stationsRandomised: stations.randomised,
    stationsUnreachable: stations.unreachable,
    stationsNonResponsive: stations.nonResponsive,
    stationsUnknown: stations.unknown,
    delivered: report.delivered.map(({ at, deliveredW }) => ({ at: iso(at), deliveredKw: inKw(deliveredW) })),
    csv: csvOf(report),
    ...omitUndefined({
      baselineMeterBeforeKw: kwOf(baselinesW.meterBefore),
      baselineSettlementKw: kwOf(baselinesW.settlement?.baselineW),
      compliancePct: hundredths(metrics.steadyCompliancePercent),
      intervalHitPct: hundredths(report.intervalHitPercent),
      t50Seconds: metrics.t50Sec,
      t90Seconds: metrics.t90Sec,
      firstSentSeconds: report.firstSentSec,
      lastSentSeconds: report.lastSentSec,
      firstAcceptedSeconds: report.firstAcceptedSec,
      reboundRatio: hundredths(report.reboundRatio),
    }),
  };
};

const shownParticipation = ({ participant, rev, isOptedOut, kept, setAt, setBy, why }: Participation) => ({
  ...(participant.kind === 'site' ? { siteId: participant.siteId } : { tag: participant.tag }),
  rev,
  isOptedOut,
  kept: kept.map(({ stationId, connectorType, minimumW, comfortW }) =>
    omitUndefined({ stationId, connectorType, minimumKw: kwOf(minimumW), comfortKw: kwOf(comfortW) }),
  ),
  setAt: iso(setAt),
  setBy,
  ...omitUndefined({ why }),
});

/** Where a page of open events ended. */
const OpenToken = z.strictObject({ open: z.strictObject({ startAt: z.number(), id: z.string() }) });

/** A page of the events that have not ended, the newest first. */
const openEvents = (open: readonly SignalRecord[], limit: number, nextToken: string | undefined) => {
  const after = nextToken === undefined ? undefined : positionIn(OpenToken, nextToken).open;
  const isBehind = ({ signal: { startAt, signalId } }: SignalRecord): boolean =>
    after === undefined || startAt < after.startAt || (startAt === after.startAt && signalId > after.id);
  const behind = open
    .filter(isBehind)
    .toSorted(
      ({ signal: one }, { signal: other }) => other.startAt - one.startAt || (one.signalId < other.signalId ? -1 : 1),
    );
  const items = behind.slice(0, limit);
  const last = items.at(-1)?.signal;
  return {
    items: items.map(shown),
    ...(last !== undefined &&
      items.length < behind.length && { nextToken: pageToken({ open: { startAt: last.startAt, id: last.signalId } }) }),
  };
};

/** The API's fields about demand response. `caller` is the identity that asks. */
export const serveDemandResponse = (ports: ServeDemandResponsePorts): Fields => {
  const { signals, plans, network, participations, system } = ports;
  const submit = submitSignal(ports);
  const restore = restoreSignals(ports);

  const zonesOf = zonesOfSignal(network);

  return {
    submitDemandResponse: async (args, caller) => {
      permitted(caller, 'operator', 'To ask stations for relief');
      const { signal } = argumentsOf(Submit, args);
      return shown(await submit(readSignal(withoutNulls(signal), { receivedAt: system.clock(), by: caller.by })));
    },
    cancelDemandResponse: async (args, caller) => {
      permitted(caller, 'operator', 'To end an event');
      const { id, why } = argumentsOf(Cancel, args);
      const restoration = { signalIds: [id], ...omitUndefined({ why }) };
      const [record] = await restore(readRestoration(restoration, { receivedAt: system.clock(), by: caller.by }));
      return record ? shown(record) : null;
    },
    setParticipation: async (args, caller) => {
      permitted(caller, 'operator', 'To say how somebody takes part');
      const { participation } = argumentsOf(SetArguments, args);
      const asked = readParticipation(withoutNulls(participation), { receivedAt: system.clock(), by: caller.by });
      return shownParticipation(await setParticipation(ports)(asked));
    },
    participation: async (args, caller) => {
      const participant = readParticipant(argumentsOf(Who, args));
      if (participant.kind === 'driver' && !maySeeTags(caller))
        throw new NotPermitted('How a driver takes part is for the role operator');
      const current = await participations.find(participant);
      if (current === undefined) return null;
      const changes = await participations.changes(participant);
      return { ...shownParticipation(current), changes: changes.map(shownParticipation) };
    },
    demandResponseEvents: async (args) => {
      const { active, limit, nextToken } = argumentsOf(List, args);
      if (active) return openEvents(await signals.open(), limit, nextToken);
      const { items, ...rest } = await signals.list({ limit, ...omitUndefined({ nextToken }) });
      return { items: items.map(shown), ...rest };
    },
    demandResponse: async (args) => {
      const { id } = argumentsOf(One, args);
      const record = await signals.load(id);
      if (record === undefined) return null;
      const { signal } = record;
      const stations = (await Promise.all((await zonesOf(signal)).map(plans.load)))
        .filter((plan) => plan.signals.some(({ signalId }) => signalId === id))
        .flatMap((plan) => plan.stations)
        .filter(({ hasLeft }) => hasLeft !== true)
        .filter(({ siteId }) => signal.kind !== 'site-curtailment' || siteId === signal.siteId);
      return { ...shown(record), stations: stations.map(shownStation) };
    },
    demandResponseReport: async (args) => {
      const report = await signals.report(argumentsOf(One, args).id);
      return report ? shownReport(report) : null;
    },
    zoneLoad: async (args) => {
      const { zoneId } = argumentsOf(Zone, args);
      const stations = await network.stationsOf(zoneId, system.clock());
      const sum = (of: (one: (typeof stations)[number]) => number): number =>
        stations.reduce((total, one) => total + of(one), 0);
      return {
        zoneId,
        loadKw: inKw(sum(({ loadW = 0 }) => loadW)),
        floorKw: inKw(sum(({ floorW }) => floorW)),
        capacityKw: inKw(sum(({ ratedW }) => ratedW)),
        stations: stations.length,
        stationsUnknown: stations.filter(({ loadW }) => loadW === undefined).length,
      };
    },
  };
};
