import type { Registration } from '../../domain/registry/registration.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { SiteSignal } from '../../domain/site/site-signal.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';
import { SignalRefused } from './read-site-signal.ts';

export type CheckPlacePorts = {
  readonly configurations: Pick<SiteConfigurations, 'find'>;
  readonly survey: { readonly stations: (siteId: string) => Promise<readonly Registration[]> };
};

/** What of a site a signal is about; undefined where it is about all of it. */
const placeOf = (signal: SiteSignal) => {
  switch (signal.type) {
    case 'SiteDemandMeasured':
    case 'PricesPublished':
      return undefined;
    case 'SiteLimitSet':
      return signal.scope.kind === 'feeder' || signal.scope.kind === 'station' ? signal.scope : undefined;
    case 'BidSet':
    case 'PrioritySet':
    case 'DepartureSet':
    case 'OptOutSet':
      return { kind: 'evse', stationId: signal.stationId, evseId: signal.evseId } as const;
  }
};
type Place = NonNullable<ReturnType<typeof placeOf>>;

const feederFault = ({ siteId, feeders }: SiteConfiguration, feederId: string): string | undefined => {
  if (feeders.some((feeder) => feeder.feederId === feederId)) return undefined;
  const known = feeders.length === 0 ? 'none is configured' : feeders.map((feeder) => feeder.feederId).join(', ');
  return `there is no feeder ${feederId} at ${siteId} (${known})`;
};

const stationFault = (
  stations: readonly Registration[],
  siteId: string,
  place: Exclude<Place, { kind: 'feeder' }>,
): string | undefined => {
  const station = stations.find(({ stationId }) => stationId === place.stationId);
  if (station === undefined) return `there is no station ${place.stationId} at ${siteId}`;
  if (place.kind === 'station' || station.connectors.some(({ evseId }) => evseId === place.evseId)) return undefined;
  return `station ${place.stationId} has no EVSE ${place.evseId}`;
};

/**
 * Refuses a signal about a feeder, a station or an EVSE that its site does not have: nobody would follow it. What is sent for a
 * site that nobody configured is left in any case. Throws SignalRefused.
 */
export const checkPlace =
  ({ configurations, survey }: CheckPlacePorts) =>
  async (signal: SiteSignal): Promise<void> => {
    const place = placeOf(signal);
    if (place === undefined) return;
    const { siteId, type } = signal;
    const configuration = await configurations.find(siteId);
    if (configuration === undefined) return;
    const fault =
      place.kind === 'feeder'
        ? feederFault(configuration, place.feederId)
        : stationFault(await survey.stations(siteId), siteId, place);
    if (fault !== undefined) throw new SignalRefused(`${type}: ${fault}`);
  };
