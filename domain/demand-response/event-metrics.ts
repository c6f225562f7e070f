/** A load that holds until the next sample. Seconds since the event began. */
export type EventSample = { readonly atSec: number; readonly powerW: number };

export type MeasuredEvent = {
  readonly baselineW: number;
  /** What was asked for, W; 0 where nothing was drawn of which a share could be asked. */
  readonly targetW: number;
  readonly eventSec: number;
  /** From here on the response counts as settled. */
  readonly steadyFromSec: number;
  /** So many samples in a row must hold a level before it counts as reached. */
  readonly holdSamples: number;
  readonly samples: readonly EventSample[];
};

export type EventMetrics = {
  /** Seconds to half and to nine tenths of the target; absent if never. */
  readonly t50Sec?: number;
  readonly t90Sec?: number;
  readonly steadyDeliveredW: number;
  /** What was delivered as a share of what was asked; absent where nothing was. */
  readonly steadyCompliancePercent?: number;
  readonly energyDeliveredWh: number;
  /** The same by energy. */
  readonly energyCompliancePercent?: number;
  readonly shortfallWh: number;
  /** Most by which the load was ever below what was asked, W. */
  readonly overshootW: number;
};

type Piece = { readonly fromSec: number; readonly toSec: number; readonly powerW: number };

/** The load from one instant to another, as pieces; before the first sample nothing is known and nothing counts. */
const pieces = (samples: readonly EventSample[], fromSec: number, toSec: number): readonly Piece[] =>
  samples.flatMap(({ atSec, powerW }, index) => {
    const piece = {
      fromSec: Math.max(fromSec, atSec),
      toSec: Math.min(toSec, samples[index + 1]?.atSec ?? toSec),
      powerW,
    };
    return piece.toSec > piece.fromSec ? [piece] : [];
  });

const HOUR_SEC = 3600;

/** Sum of power over time, W s. */
const integral = (found: readonly Piece[], of: (powerW: number) => number): number =>
  found.reduce((sum, { fromSec, toSec, powerW }) => sum + of(powerW) * (toSec - fromSec), 0);

/** Noise of a difference of two measured powers, W. */
const NOISE_W = 1e-6;

const reachedSec = ({ baselineW, targetW, holdSamples, samples }: MeasuredEvent, share: number): number | undefined => {
  const level = baselineW - share * targetW + NOISE_W;
  const first = samples.findIndex((_, index) => {
    const run = samples.slice(index, index + holdSamples);
    return run.length === holdSamples && run.every(({ powerW }) => powerW <= level);
  });
  return samples[first]?.atSec;
};

/** How an event went, from what meters said. Samples may come in any order; those after the end are left out. */
export const eventMetrics = (event: MeasuredEvent): EventMetrics => {
  const { baselineW, targetW, eventSec, steadyFromSec } = event;
  const samples = event.samples.filter(({ atSec }) => atSec <= eventSec).toSorted((a, b) => a.atSec - b.atSec);
  const [whole, steady] = [pieces(samples, 0, eventSec), pieces(samples, steadyFromSec, eventSec)];
  const delivered = (powerW: number): number => baselineW - powerW;
  const steadyDeliveredW = integral(steady, delivered) / (eventSec - steadyFromSec);
  const energyDeliveredWh = integral(whole, delivered) / HOUR_SEC;
  const known = integral(whole, () => 1);
  const missing = integral(whole, (powerW) => Math.max(0, targetW - delivered(powerW))) + (eventSec - known) * targetW;
  const [t50Sec, t90Sec] = [0.5, 0.9].map((share) => reachedSec({ ...event, samples }, share));
  return {
    ...(t50Sec === undefined ? {} : { t50Sec }),
    ...(t90Sec === undefined ? {} : { t90Sec }),
    steadyDeliveredW,
    energyDeliveredWh,
    ...(targetW > 0 && {
      steadyCompliancePercent: (steadyDeliveredW / targetW) * 100,
      energyCompliancePercent: (energyDeliveredWh / ((targetW * eventSec) / HOUR_SEC)) * 100,
    }),
    shortfallWh: missing / HOUR_SEC,
    overshootW: samples.reduce((most, { powerW }) => Math.max(most, delivered(powerW) - targetW), 0),
  };
};

/** From this share of the target on, an interval counts as delivered. */
const HIT_SHARE = 0.9;

/** Share of intervals, in percent, whose mean delivery was at least nine tenths of the target. Undefined without any. */
export const intervalHitPercent = (event: MeasuredEvent, intervalSec: number): number | undefined => {
  const { baselineW, targetW, eventSec, steadyFromSec } = event;
  const samples = event.samples.toSorted((a, b) => a.atSec - b.atSec);
  const starts: number[] = [];
  for (let at = steadyFromSec; at + intervalSec <= eventSec; at += intervalSec) starts.push(at);
  const hits = starts.filter((fromSec) => {
    const found = pieces(samples, fromSec, fromSec + intervalSec);
    return integral(found, (powerW) => baselineW - powerW) / intervalSec >= HIT_SHARE * targetW - NOISE_W;
  });
  return starts.length === 0 ? undefined : (hits.length / starts.length) * 100;
};

/** How long after the restore a rebound is looked for. */
export const REBOUND_SEC = 900;

/** Mean load of a quarter of an hour after the restore against the frozen baseline; above 1 is a rebound. */
export const reboundRatio = (
  samples: readonly EventSample[],
  restoredAtSec: number,
  baselineW: number,
): number | undefined => {
  const found = pieces(
    samples.toSorted((a, b) => a.atSec - b.atSec),
    restoredAtSec,
    restoredAtSec + REBOUND_SEC,
  );
  const knownSec = integral(found, () => 1);
  return knownSec === 0 || baselineW <= 0 ? undefined : integral(found, (powerW) => powerW) / knownSec / baselineW;
};
