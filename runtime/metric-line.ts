/** Counts by the name of their metric. */
export type Metrics = Readonly<Record<string, number>>;

/**
 * Metrics of namespace Wattstream, told apart by stage, as one line of CloudWatch's embedded metric format: no API call. It
 * goes straight to the output, because the format has to stand at the root of its line.
 */
export const metricLine = (stage: string, metrics: Metrics, at: number): string =>
  `${JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: 'Wattstream',
          Dimensions: [['Stage']],
          Metrics: Object.keys(metrics).map((name) => ({ Name: name, Unit: 'Count' })),
        },
      ],
    },
    Stage: stage,
    ...metrics,
  })}\n`;

export const toOutput = (line: string): void => {
  process.stdout.write(line);
};
