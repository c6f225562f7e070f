import { z } from 'zod';
import { told } from '../world/told.ts';
import type { World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

const CompletedDetail = z.looseObject({ signalId: z.string() });

/**
 * What could not be taken, or not be recorded to the end, for longer than anybody tries: an alarm tells of it, and it lies where
 * somebody finds it, by the name of its signal.
 */
const givenUp = ({ stack, reports }: World): readonly string[] => [
  ...stack.deadLetters(),
  ...stack.parked().map(({ text }) => text),
  ...reports.filter((report) => report.includes('DemandResponseFailed')),
];

export const reliefIsRestored: Invariant = {
  name: 'relief-is-restored',
  about:
    'Every request of the grid is completed after its end, and no charger is held back any more when the world has come to rest.',
  check: (world) => {
    const { asked, events, points, network } = world;
    const completed = new Set(
      told(events, ['DemandResponseCompleted'], CompletedDetail).map(({ detail }) => detail.signalId),
    );
    const reliefs = asked.filter((one) => one.kind === 'relief');
    const zones = new Set(reliefs.map(({ zoneId }) => zoneId));
    const controlled = new Set(asked.flatMap((one) => (one.kind === 'control' ? [one.siteId] : [])));
    const held = network.stations
      .filter(({ zoneId, siteId }) => zones.has(zoneId) && !controlled.has(siteId))
      .flatMap(({ stationId, connectors }) =>
        (points.get(stationId)?.record().connectors ?? []).flatMap(({ evseId, connectorId, acceptedW }) => {
          const ratedW =
            connectors.find((one) => one.evseId === evseId && one.connectorId === connectorId)?.ratedW ?? 0;
          return acceptedW < ratedW
            ? [`${stationId} ${evseId}/${connectorId} is held to ${acceptedW} of ${ratedW} W`]
            : [];
        }),
      );
    const failures = givenUp(world);
    const isKnownToHaveFailed = (signalId: string): boolean =>
      failures.some((text) => new RegExp(`\\b${signalId}\\b`).test(text));
    return [
      ...reliefs
        .filter(({ signalId }) => !completed.has(signalId) && !isKnownToHaveFailed(signalId))
        .map(({ signalId }) => `${signalId} was not completed`),
      ...held,
    ];
  },
};
