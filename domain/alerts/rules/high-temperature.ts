import type { ConnectorRule } from '../rule.ts';
import { stationEventOf } from '../station-event.ts';

/** OCPP 2.x measures no temperature with the meter: its stations tell one by device events. */
export const highTemperature: ConnectorRule = {
  name: 'high-temperature',
  subject: 'connector',
  severity: 'major',
  driven: 'change',
  about:
    'Raised by error code HighTemperature or a measured temperature at the threshold; clears below it by the hysteresis, with a healthy status; of device events, when every hot sensor is below it, or an hour after the last one.',
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
  stationEvent: (change, { highTemperatureC, temperatureHysteresisC }) => {
    const event = stationEventOf(change);
    if (event?.kind !== 'device' || event.variable !== 'Temperature' || event.value.trim() === '') return [];
    const temperatureC = Number(event.value);
    const over = event.cleared || temperatureC < highTemperatureC - temperatureHysteresisC;
    if (!over && !(temperatureC >= highTemperatureC)) return [];
    const { id, at, receivedAt } = change;
    const detail = { temperatureC, limitC: highTemperatureC };
    return [{ id, at, receivedAt, source: event.source, over, summary: `${temperatureC} °C`, detail }];
  },
  holdMs: ({ temperatureHoldMs }) => temperatureHoldMs,
};
