import { conditionKey } from '../../domain/alerts/alert-id.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { random } from '../../simulator/random.ts';
import { type Injection, injections, OVERLOADED_SITE } from './injections.ts';
import { registrationOf, STATIONS } from './registration-of.ts';
import { stationDay } from './station-day.ts';
import type { Message } from './writer.ts';

export type Day = {
  readonly stations: readonly Registration[];
  readonly messages: readonly Message[];
  readonly injections: readonly Injection[];
  /** Limit of the overloaded site, W. */
  readonly siteLimitW: number;
};

/** The same day for the same seed. */
export const simulatedDay = (seed = 42): Day => {
  const chance = random(seed);
  const stations = Array.from({ length: STATIONS }, (_, index) => registrationOf(index));
  const messages = stations.flatMap((station) => stationDay(station, chance)).sort((a, b) => a.at - b.at);
  const siteW = stations
    .filter(({ siteId }) => siteId === OVERLOADED_SITE)
    .flatMap(({ connectors }) => connectors)
    .reduce((sum, { ratedW }) => sum + ratedW, 0);
  return { stations, messages, injections, siteLimitW: siteW * 0.8 };
};

/** The alerts this day has to raise. */
export const expectedAlerts = ({ stations }: Day) =>
  injections.map(({ what, rule, at: from, place }) => {
    if ('siteId' in place) return { injected: what, from, condition: `${rule}|site:${place.siteId}` };
    const station = stations.find(({ stationId }) => stationId === place.stationId);
    if (!station) throw new Error(`${place.stationId} is not of this network`);
    const { siteId, zoneId, region, stationId } = station;
    const subject =
      place.connector === undefined
        ? ({ kind: 'station', stationId, siteId, zoneId, region } as const)
        : ({
            kind: 'connector',
            stationId,
            evseId: place.connector,
            connectorId: place.connector,
            siteId,
            zoneId,
            region,
          } as const);
    return { injected: what, from, condition: conditionKey(rule, subject) };
  });
