import type { SweepFigures } from './sweep-alerts.ts';

/** The cost of a sweep as one line of CloudWatch's embedded metric format: metrics without an API call. */
export const sweepMetrics = (figures: SweepFigures, at: number): string =>
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
