import type { SweepFigures, WindowFigures } from '../use-cases/ports/sweep-progress.ts';

type Metrics = Readonly<Record<string, number>>;

/** Metrics as one line of CloudWatch's embedded metric format: no API call. */
const metricLine = (metrics: Metrics, at: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: 'Wattstream',
          Dimensions: [[]],
          Metrics: Object.keys(metrics).map((name) => ({ Name: name, Unit: 'Count' })),
        },
      ],
    },
    ...metrics,
  });

/** What the sweep of the alerts cost. */
export const alertSweepMetrics = ({ connectors, readUnits, revised, watched }: SweepFigures): Metrics => ({
  SweepConnectors: connectors,
  SweepReadUnits: readUnits,
  SweepAlertsRevised: revised,
  AlertsWatched: watched,
});

/** What the sweep of the windows computed again, and what it left for the next runs. */
export const windowSweepMetrics = ({ repeated, left }: WindowFigures): Metrics => ({
  SweepWindowsRepeated: repeated,
  SweepWindowsLeft: left,
});

/** Tells the metrics of a part of the sweep. Straight to the output: the format has to stand at the root of its line. */
export const metered = async <Figures>(
  part: Promise<Figures>,
  metrics: (figures: Figures) => Metrics,
  at: number,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Promise<Figures> => {
  const figures = await part;
  write(`${metricLine(metrics(figures), at)}\n`);
  return figures;
};
