import { type GridSignal, scopeOf } from '../../domain/demand-response/grid-signal.ts';
import { inKw } from '../../domain/demand-response/in-kw.ts';
import { reductionToW } from '../../domain/demand-response/openadr/openadr-payload.ts';
import type { ReliefDraft } from '../../domain/demand-response/openadr/openadr-relief.ts';
import { freshSampleMs } from '../../domain/demand-response/present-load-w.ts';
import { readSignal } from '../../domain/demand-response/read-signal.ts';
import { OURSELVES, type SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { baselineOnJoiningW } from '../../domain/demand-response/zone-plan.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { PlanStore } from '../ports/demand-response/plan-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type SubmitPorts, submitSignal } from '../respond-to-demand/submit-signal.ts';

export type ReliefPorts = SubmitPorts & {
  readonly network: Pick<ZoneNetwork, 'stationsOf'>;
  readonly plans: Pick<PlanStore, 'load'>;
  readonly meterIntervalSec: number;
};

/** What a load says is submitted this long before its start: until then the load is another. */
const SHORTLY_MS = 1.5 * MINUTE_MS;

/** The least that can be asked, W. */
const LEAST_W = 10;

/** 'waiting': what it comes to is known shortly before its start only. 'nothing': the load is that low already. */
export type ReliefOutcome =
  | { readonly kind: 'submitted' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: string };

/** Whether a signal has ended, or its server ended it and it only waits for its returns. */
const isOver = ({ state, restoredBy }: SignalRecord, by: string): boolean =>
  state === 'ended' || (state === 'restoring' && restoredBy === by);

/** Whether somebody ended a signal who is neither its server nor we. */
const isCancelledByOthers = ({ state, restoredBy }: SignalRecord, by: string): boolean =>
  (state === 'ended' || state === 'restoring') &&
  restoredBy !== undefined &&
  restoredBy !== by &&
  restoredBy !== OURSELVES;

/** Whether two signals of one draft ask the same. What a load to come down to comes to does not count: it is another each time. */
const asksTheSame = (one: GridSignal, other: GridSignal, { ask }: ReliefDraft): boolean => {
  const amountOf = (signal: GridSignal): number | undefined => {
    if (signal.kind === 'site-curtailment') return signal.percent;
    return ask.kind === 'reduction' ? signal.reductionW : undefined;
  };
  return (
    (['type', 'priority', 'startAt', 'endAt'] as const).every((name) => one[name] === other[name]) &&
    scopeOf(one) === scopeOf(other) &&
    amountOf(one) === amountOf(other)
  );
};

/**
 * Submits what an event asks as a signal of demand response. The same draft again changes nothing. A signal that was
 * cancelled because its event had vanished starts anew, under a higher version, when the event is back. One that somebody
 * else cancelled stays so until it is asked for something else.
 */
export const submitRelief = (ports: ReliefPorts) => {
  const { signals, network, plans, meterIntervalSec } = ports;
  const submit = submitSignal(ports);

  /** The load that reductions in a zone are held against: the frozen baseline while one runs, else what is drawn without limits. */
  const baselineW = async (zoneId: string, now: number): Promise<number> => {
    const [plan, stations] = await Promise.all([plans.load(zoneId), network.stationsOf(zoneId, now)]);
    return baselineOnJoiningW(plan, stations, now, freshSampleMs(meterIntervalSec));
  };

  const asked = async (
    { type, ask, place, startAt }: ReliefDraft,
    now: number,
  ): Promise<object | 'waiting' | undefined> => {
    if (place.kind === 'site')
      return ask.kind === 'share' ? { siteId: place.siteId, curtailmentPct: ask.percent } : undefined;
    const { zoneId } = place;
    switch (ask.kind) {
      case 'reduction':
        return { zoneId, reductionKw: inKw(ask.reductionW) };
      case 'increase':
        return { zoneId, increaseKw: inKw(ask.increaseW) };
      case 'down-to':
      case 'share': {
        if (startAt > now + SHORTLY_MS) return 'waiting';
        const loadW = await baselineW(zoneId, now);
        const reductionW = ask.kind === 'share' ? (loadW * ask.percent) / 100 : reductionToW(loadW, ask.loadW);
        // A pause is one for drivers who come, too: it is asked for where nobody charges yet.
        const askedW = type === 'SHED' ? Math.max(LEAST_W, reductionW) : reductionW;
        return askedW >= LEAST_W ? { zoneId, reductionKw: inKw(askedW) } : undefined;
      }
      default:
        return unreachable(ask);
    }
  };

  return async (draft: ReliefDraft, version: number, by: string, now: number): Promise<ReliefOutcome> => {
    const { signalId, type, priority } = draft;
    const known = await signals.load(signalId);
    if (known !== undefined && !isOver(known, by) && known.signal.version >= version) {
      await submit(known.signal);
      return { kind: 'submitted' };
    }
    const request = await asked(draft, now);
    if (request === 'waiting') return { kind: 'waiting' };
    if (request === undefined) return { kind: 'nothing' };
    const said = {
      signalId,
      version: Math.max(version, (known?.signal.version ?? -1) + 1),
      type,
      priority,
      startAt: new Date(draft.startAt).toISOString(),
      endAt: new Date(draft.endAt).toISOString(),
      ...request,
    };
    try {
      const signal = readSignal(said, { receivedAt: now, by });
      if (known === undefined || !isCancelledByOthers(known, by) || !asksTheSame(known.signal, signal, draft))
        await submit(signal);
      return { kind: 'submitted' };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return { kind: 'refused', why: error.message };
    }
  };
};
