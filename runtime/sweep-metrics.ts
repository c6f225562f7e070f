import type { SweepFigures, WindowFigures } from '../use-cases/ports/sweep/sweep-progress.ts';
import { type Metrics, metricLine, toOutput } from './metric-line.ts';

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

/** Tells metrics of a stage, or of none where they are not wanted: each costs by the month, looked at or not. */
export const tellMetrics =
  <Figures>(
    metrics: (figures: Figures) => Metrics,
    stage: string | undefined,
    write: (line: string) => void = toOutput,
  ) =>
  (figures: Figures, at: number): void => {
    if (stage !== undefined) write(metricLine(stage, metrics(figures), at));
  };

/** Tells the metrics of a part of the work of a minute. */
export const metered = async <Figures>(
  part: Promise<Figures>,
  metrics: (figures: Figures) => Metrics,
  stage: string,
  at: number,
  write: (line: string) => void = toOutput,
): Promise<Figures> => {
  const figures = await part;
  tellMetrics(metrics, stage, write)(figures, at);
  return figures;
};
