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

/** Tells metrics where they are wanted: each costs by the month, told or not looked at. */
export const tellMetrics =
  <Figures>(metrics: (figures: Figures) => Metrics, isTold: boolean, write: (line: string) => void = toOutput) =>
  (figures: Figures, at: number): void => {
    if (isTold) write(metricLine(metrics(figures), at));
  };

/** Tells the metrics of a part of the work of a minute. */
export const metered = async <Figures>(
  part: Promise<Figures>,
  metrics: (figures: Figures) => Metrics,
  at: number,
  isTold = true,
  write: (line: string) => void = toOutput,
): Promise<Figures> => {
  const figures = await part;
  tellMetrics(metrics, isTold, write)(figures, at);
  return figures;
};
