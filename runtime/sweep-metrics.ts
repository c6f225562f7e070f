import type { SweepFigures } from '../use-cases/ports/sweep-figures.ts';

/** The cost of a sweep as one line of CloudWatch's embedded metric format: metrics without an API call. */
const sweepMetrics = (figures: SweepFigures, at: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: 'Wattstream',
          Dimensions: [[]],
          Metrics: [
            { Name: 'SweepConnectors', Unit: 'Count' },
            { Name: 'SweepReadUnits', Unit: 'Count' },
            { Name: 'SweepAlertsRevised', Unit: 'Count' },
            { Name: 'AlertsWatched', Unit: 'Count' },
          ],
        },
      ],
    },
    SweepConnectors: figures.connectors,
    SweepReadUnits: figures.readUnits,
    SweepAlertsRevised: figures.revised,
    AlertsWatched: figures.watched,
  });

/** The sweep, telling what it cost. Straight to the output: the metric format has to stand at the root of its line. */
export const metered =
  (
    sweep: (now: number) => Promise<SweepFigures>,
    write: (line: string) => void = (line) => process.stdout.write(line),
  ) =>
  async (now: number): Promise<SweepFigures> => {
    const figures = await sweep(now);
    write(`${sweepMetrics(figures, now)}\n`);
    return figures;
  };
