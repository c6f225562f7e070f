import type { Connector } from '../connector/connector.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { makeOf } from '../registry/place.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import type { SiteSnapshot } from './site-snapshot.ts';
import type { StationSnapshot } from './station-snapshot.ts';

/** What the station was when its alert began, as far as known. */
type Make = { readonly vendor?: string; readonly model?: string; readonly firmware?: string };

/** What an alert is about. The keys beside the name are what people filter by: site, zone, region, model, firmware. */
export type ConnectorSubject = Make & {
  readonly kind: 'connector';
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
};
export type StationSubject = Make & {
  readonly kind: 'station';
  readonly stationId: string;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
};
export type SiteSubject = {
  readonly kind: 'site';
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
};
/** The network as a whole, or a part of it that is no place: a firmware, a demand-response event, the parked records. */
export type NetworkSubject = { readonly kind: 'network'; readonly name: string };

export type Subject = ConnectorSubject | StationSubject | SiteSubject | NetworkSubject;

/** The subject as text: unique over all kinds. */
export const subjectKey = (subject: Subject): string => {
  switch (subject.kind) {
    case 'connector':
      return `connector:${subject.stationId}#${subject.evseId}#${subject.connectorId}`;
    case 'station':
      return `station:${subject.stationId}`;
    case 'site':
      return `site:${subject.siteId}`;
    case 'network':
      return `network:${subject.name}`;
  }
};

export const connectorSubject = ({ stationId, evseId, connectorId, place }: Connector): ConnectorSubject => {
  const { siteId, zoneId, region, vendor, model, firmware } = place;
  const make = omitUndefined({ vendor, model, firmware });
  return { kind: 'connector', stationId, evseId, connectorId, siteId, zoneId, region, ...make };
};

export const stationSubject = ({ stationId, registration, state }: StationSnapshot): StationSubject => {
  const { siteId, zoneId, region } = registration;
  return { kind: 'station', stationId, siteId, zoneId, region, ...makeOf(registration, state) };
};

export const siteSubject = ({ siteId, zoneId, region }: SiteSnapshot): SiteSubject => ({
  kind: 'site',
  siteId,
  zoneId,
  region,
});

export const networkSubject = ({ name }: NetworkSnapshot): NetworkSubject => ({ kind: 'network', name });
