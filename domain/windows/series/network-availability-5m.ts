import { availability, availabilityMeasures, combinedAvailability } from '../../availability/availability.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/durations.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import type { Place } from '../../registry/place.ts';
import { utcDays, utcSpans } from '../calendar.ts';
import { type RolledUp, rolledUp, type Series } from '../series.ts';

const SIZE_MS = 5 * MINUTE_MS;

/** How the network's connectors are grouped; each group is a key of the series. */
export type AvailabilityGroup =
  | { readonly by: 'region'; readonly region: string }
  | { readonly by: 'type'; readonly region: string; readonly connectorType: string }
  | { readonly by: 'model'; readonly model: string }
  | { readonly by: 'firmware'; readonly model: string; readonly firmware: string };

/** The key of a group, e.g. 'type#north#CCS'. */
export const availabilityKey = (group: AvailabilityGroup): string => {
  switch (group.by) {
    case 'region':
      return `region#${group.region}`;
    case 'type':
      return `type#${group.region}#${group.connectorType}`;
    case 'model':
      return `model#${group.model}`;
    case 'firmware':
      return `firmware#${group.model}#${group.firmware}`;
    default:
      return unreachable(group);
  }
};

/** The groups a connector counts in. */
const groupsOf = ({ region, connectorType, model, firmware }: Place): AvailabilityGroup[] => [
  { by: 'region', region },
  { by: 'type', region, connectorType },
  ...(model === undefined ? [] : [{ by: 'model' as const, model }]),
  ...(model === undefined || firmware === undefined ? [] : [{ by: 'firmware' as const, model, firmware }]),
];

/** Availability per region, and per region and connector type; also per model and per firmware, for trends of fault rates. */
export const networkAvailability5m: Series<RolledUp> = {
  name: 'network_availability_5m',
  sizeMs: SIZE_MS,
  hopMs: SIZE_MS,
  keyedBy: '`region#region`, `type#region#connectorType`, `model#model`, `firmware#model#version`',
  about: 'time per status over all registered connectors, from when they went into service; offline is not available',
  keptDays: 400,
  measures: availabilityMeasures,
  source: rolledUp({
    inputs: ['statuses'],
    keys: ({ place }) =>
      groupsOf(place)
        .map(availabilityKey)
        .map((key) => ({ key, labels: {}, mark: key })),
    calendar: utcSpans(SIZE_MS),
    compute: ({ connectors }, { statuses }, { startAt: fromAt, endAt: toAt }) => {
      // Late data compute the past again, in which connectors of today may not have been there.
      const there = connectors.filter(({ inServiceFrom }) => inServiceFrom < toAt);
      if (there.length === 0) return undefined;
      return {
        measures: availability({
          fromAt,
          toAt,
          connectors: there.map((connector) =>
            statuses(connector).filter((interval) => interval.fromAt < toAt && interval.toAt > fromAt),
          ),
        }),
      };
    },
    merge: combinedAvailability,
    settleMs: 2 * SIZE_MS,
    // As long as a standstill is made up for: each day of a mark is read for all connectors of its group.
    late: { mark: 'availability', piece: utcDays, freshMs: SIZE_MS, reachMs: 35 * DAY_MS },
  }),
};
