import { type Availability, availability, availabilityMeasures } from '../availability/availability.ts';
import type { Series } from './series.ts';

/** How the network's connectors are grouped; each group is a key of the series. */
export type AvailabilityGroup =
  | { readonly by: 'type'; readonly region: string; readonly connectorType: string }
  | { readonly by: 'model'; readonly model: string }
  | { readonly by: 'firmware'; readonly model: string; readonly firmware: string };

/** The key of a group, e.g. 'type#north#CCS'. */
export const availabilityKey = (group: AvailabilityGroup): string => {
  switch (group.by) {
    case 'type':
      return `type#${group.region}#${group.connectorType}`;
    case 'model':
      return `model#${group.model}`;
    case 'firmware':
      return `firmware#${group.model}#${group.firmware}`;
  }
};

/** Availability per region and connector type; also per model and per firmware, for trends of fault rates. */
export const networkAvailability5m: Series<Availability> = {
  name: 'network_availability_5m',
  sizeMs: 300_000,
  hopMs: 300_000,
  keyedBy: 'type#region#connectorType, model#model or firmware#model#version',
  stored: true,
  measures: availabilityMeasures,
  empty: { fromAt: 0, toAt: 300_000, connectors: [] },
  measure: availability,
};
