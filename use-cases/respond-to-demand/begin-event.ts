import type { System } from '../../async/system.ts';
import { soonSec } from '../../domain/demand-response/check-times.ts';
import { type GridSignal, scopeOf } from '../../domain/demand-response/grid-signal.ts';
import { addedFigures, figuresOf } from '../../domain/demand-response/plan-figures.ts';
import { freshSampleMs } from '../../domain/demand-response/present-load-w.ts';
import { activated, ended } from '../../domain/demand-response/signal-record.ts';
import { zonePart } from '../../domain/demand-response/zone-part.ts';
import { joined, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import type { ZoneStation } from '../../domain/demand-response/zone-station.ts';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { sum } from '../../domain/kernel/sum.ts';
import type { MailboxStore } from '../ports/commands/mailbox-store.ts';
import { STATIONS_PER_CHUNK } from '../ports/demand-response/plan-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type DispatchPorts, dispatchChunk, nothingSent, type OpenChunk } from './dispatch-chunk.ts';
import { type EventZonesPorts, eventZones, owedChunks } from './event-zones.ts';
import { stepResult as result, type StepResult } from './step.ts';
import type { ExecutionInput } from './submit-signal.ts';

export type BeginPorts = DispatchPorts &
  EventZonesPorts & {
    readonly network: Pick<ZoneNetwork, 'membersOf' | 'reachedBy' | 'zonesOfSite'>;
    readonly mailboxes: DispatchPorts['mailboxes'] & Pick<MailboxStore, 'loadAll'>;
    readonly system: System;
    readonly meterIntervalSec: number;
  };

/** A wait is cut into days: a state machine on one machine keeps no longer timers. */
const LONGEST_WAIT_MS = DAY_MS;

/**
 * The plan of a zone that a signal has joined, with the mailboxes of the stations of its first chunk; without them where others
 * planned for the zone at the same time.
 */
type Entered = { readonly plan: ZonePlan; readonly contacts: OpenChunk['contacts'] | undefined };

/**
 * Begins an event: waits for its start, freezes what its stations draw, plans, and sends the first chunk its caps. What does not
 * depend on each other is read and written side by side: the zone waits for it.
 */
export const beginEvent = (ports: BeginPorts) => {
  const { network, mailboxes, system, meterIntervalSec } = ports;
  const { change, inZones, zonesOf, leave, tellSent } = eventZones(ports);
  const dispatch = dispatchChunk(ports);

  /** What the chargers of a site draw now, W, by zone; read only where the share of a named baseline is to be divided. */
  const loadsByZone = async (signal: GridSignal, zones: readonly string[], now: number) => {
    if (signal.kind !== 'site-curtailment' || signal.baselineW === undefined || zones.length < 2)
      return new Map<string, number>();
    return new Map(
      await inZones(zones, async (zoneId) => {
        const reached = await network.reachedBy([...(await network.membersOf(zoneId))], now);
        const own = reached.filter(({ station }) => station.siteId === signal.siteId);
        return [zoneId, sum(own.map(({ station }) => station.loadW ?? 0))] as const;
      }),
    );
  };

  /** A signal joins the plan of a zone; with the mailboxes of those who are sent their caps first, read meanwhile. */
  const enter = async (signal: GridSignal, zoneId: string, now: number): Promise<Entered> => {
    let contacts: OpenChunk['contacts'] = new Map();
    const read = async (): Promise<readonly ZoneStation[]> => {
      const ids = [...(await network.membersOf(zoneId))].sort();
      const [reached, mailboxOf] = await Promise.all([
        network.reachedBy(ids, now),
        mailboxes.loadAll(ids.slice(0, STATIONS_PER_CHUNK)),
      ]);
      contacts = new Map(
        reached.flatMap(({ station: { stationId }, contact }) => {
          const mailbox = mailboxOf.get(stationId);
          return mailbox ? [[stationId, { mailbox, contact }] as const] : [];
        }),
      );
      return reached.map(({ station }) => station);
    };
    let attempts = 0;
    const plan = await change.plan(zoneId, read, (before, stations) => {
      attempts += 1;
      const known = before.signals.find(({ signalId }) => signalId === signal.signalId);
      return known !== undefined && known.version >= signal.version
        ? before
        : joined(before, signal, stations, now, freshSampleMs(meterIntervalSec));
    });
    return { plan, contacts: attempts === 1 ? contacts : undefined };
  };

  /**
   * Sends the first chunk its caps, as it was planned: no other task has to be started, and nothing has to be read again. Of
   * many signals that come at once only the last one's plan is sent: stored plans are read, and those that are past send nothing.
   */
  const sendFirst = async ({ plan, contacts }: Entered) => {
    const chunk = owedChunks(plan).find(({ index }) => index === 0);
    if (chunk === undefined) return nothingSent;
    if (contacts === undefined) return dispatch(chunk);
    return dispatch(chunk, { plan, contacts, stations: plan.stations.slice(0, STATIONS_PER_CHUNK) });
  };

  /** Nothing is left for this execution but to send stations that an earlier version limited their returns. */
  const lifting = (input: ExecutionInput, plans: readonly ZonePlan[], now: number): StepResult => {
    const chunks = plans.flatMap(owedChunks);
    return chunks.length === 0 ? result(input, 'done') : result(input, 'waiting', { until: iso(now), chunks });
  };

  return async (input: ExecutionInput): Promise<StepResult> => {
    const record = await change.current(input);
    if (record === undefined || record.state === 'ended') return result(input, 'done');
    // Its limits were being lifted when the execution that did it was stopped, or it is not to begin any more.
    if (record.state === 'restoring') return result(input, 'over');
    const { signal } = record;
    const now = system.clock();
    if (signal.startAt > now) {
      const until = new Date(Math.min(signal.startAt, now + LONGEST_WAIT_MS)).toISOString();
      // What an earlier version asked for is over until then.
      const chunks = (await leave(await zonesOf(record), signal, now)).flatMap(owedChunks);
      return result(input, 'waiting', { until, chunks });
    }
    if (signal.endAt <= now) return result(input, 'over');
    const zones = await zonesOf(record);
    const loadsW = await loadsByZone(signal, zones, now);
    const entered = await inZones(zones, (zoneId) => enter(zonePart(signal, loadsW, zoneId), zoneId, now));
    const figures = addedFigures(entered.map(({ plan }) => figuresOf(plan, signal.signalId)));
    if (record.state === 'waiting' && figures.stationCount === 0) {
      const left = await leave(zones, signal, now);
      const reason = `No station takes part in ${scopeOf(signal)}`;
      await change.record(input, (one) => ended(one, 'failed', now, reason));
      return lifting(input, left, now);
    }
    const [sent, current] = await Promise.all([
      Promise.all(entered.map(sendFirst)),
      change.record(
        input,
        (one) => (one.state === 'waiting' ? activated({ ...one, zoneIds: zones }, figures, now) : one),
        record,
      ),
    ]);
    await tellSent(input, sent);
    if (current === 'outdated') {
      // A newer version that begins later looked for this one before it had joined.
      return lifting(input, await leave(zones, signal, now), now);
    }
    // It was cancelled meanwhile: whoever lifted its limits may have been here before it had any.
    if (current.state !== 'active') return result(input, 'over');
    const others = entered.flatMap(({ plan }) => owedChunks(plan).filter(({ index }) => index > 0));
    return result(input, 'dispatch', { chunks: others, waitSec: soonSec(meterIntervalSec) });
  };
};
