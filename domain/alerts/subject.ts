/** What an alert is about. The keys beside the name are what people filter by: site, zone, region. */
export type ConnectorSubject = {
  readonly kind: 'connector';
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
};
export type StationSubject = {
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
