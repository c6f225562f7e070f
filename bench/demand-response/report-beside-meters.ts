import { z } from 'zod';
import type { Ask } from '../graphql.ts';
import { loadAtW, meanLoadW, reachedAt, toleranceW, type ZoneRun } from './zone-figures.ts';
import { METER_SEC } from './zone-stack.ts';

/** The rebound is watched for so long. */
export const REBOUND_MS = 900_000;
/** A response counts as settled after two meter intervals, and what meters take to come through twice. */
const SETTLED_AFTER_MS = 2 * (METER_SEC + 10) * 1_000;

const Reported = z.object({
  demandResponseReport: z
    .object({
      startAt: z.string(),
      endAt: z.string(),
      rounds: z.number(),
      baselineKw: z.number(),
      steadyDeliveredKw: z.number(),
      energyDeliveredKwh: z.number(),
      overshootKw: z.number(),
      reboundRatio: z.number().nullish(),
      t90Seconds: z.number().nullish(),
      delivered: z.array(z.object({ at: z.string() })),
    })
    .nullable(),
});

const reportFields =
  'startAt endAt rounds baselineKw steadyDeliveredKw energyDeliveredKwh overshootKw reboundRatio t90Seconds delivered { at }';
/** The stack's report of an event; null before it is written. */
export const reportOf = async (ask: Ask, signalId: string) =>
  Reported.parse(await ask(`{ demandResponseReport(id: "${signalId}") { ${reportFields} } }`)).demandResponseReport;

export type Report = NonNullable<Awaited<ReturnType<typeof reportOf>>>;

/** A figure of the stack's report beside the same figure by the stations' own meters. */
export type Comparison = {
  readonly name: string;
  readonly told: number;
  readonly seen: number;
  readonly within: number;
};

/**
 * The stack's report beside the stations' own meters, read every second: over the same time, by the same definitions, with
 * code of its own. A charger tells its meter every ten seconds, so the report is that much coarser where the load moves.
 */
export const reportBesideMeters = (run: ZoneRun, report: Report): readonly Comparison[] => {
  const [startAt, endAt] = [Date.parse(report.startAt), Date.parse(report.endAt)];
  const baselineW = loadAtW(run, startAt);
  const deliveredW = (fromAt: number): number => baselineW - meanLoadW(run, fromAt, endAt);
  const energyKwh = (deliveredW(startAt) * (endAt - startAt)) / 3_600_000 / 1_000;
  const steadyW = deliveredW(startAt + SETTLED_AFTER_MS);
  return [
    { name: 'baseline, kW', told: report.baselineKw, seen: baselineW / 1_000, within: baselineW / 200_000 },
    {
      name: 'delivered once settled, kW',
      told: report.steadyDeliveredKw,
      seen: steadyW / 1_000,
      within: toleranceW(run.askedW) / 1_000,
    },
    { name: 'delivered energy, kWh', told: report.energyDeliveredKwh, seen: energyKwh, within: energyKwh / 50 },
    {
      name: 't90, s',
      told: report.t90Seconds ?? Number.NaN,
      seen: (reachedAt(run, baselineW - 0.9 * run.askedW, startAt) - startAt) / 1_000,
      within: METER_SEC,
    },
    {
      name: 'rebound ratio',
      told: report.reboundRatio ?? Number.NaN,
      seen: meanLoadW(run, endAt, endAt + REBOUND_MS) / baselineW,
      within: 0.02,
    },
  ];
};

/** In percent, signed. */
export const difference = ({ told: one, seen }: Comparison): string => `${((one / seen - 1) * 100).toFixed(2)} %`;
