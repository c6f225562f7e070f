import type { ConnectorRule } from '../rule.ts';

export const highTemperature: ConnectorRule = {
  name: 'high-temperature',
  subject: 'connector',
  severity: 'major',
  driven: 'change',
  about:
    'Raised by error code HighTemperature or a measured temperature at the threshold; clears below it by the hysteresis, with a healthy status.',
  check: ({ report, session, temperatureC }, { thresholds, holding }) => {
    const measuredC = session?.temperatureC ?? temperatureC;
    const limitC = thresholds.highTemperatureC - (holding ? thresholds.temperatureHysteresisC : 0);
    if (report?.errorCode === 'HighTemperature')
      return {
        since: report.at,
        summary: 'Reports HighTemperature',
        detail: { status: report.status, ...(measuredC === undefined ? {} : { temperatureC: measuredC }) },
      };
    if (measuredC === undefined || measuredC < limitC) return undefined;
    return { summary: `${measuredC} °C`, detail: { temperatureC: measuredC, limitC } };
  },
};
