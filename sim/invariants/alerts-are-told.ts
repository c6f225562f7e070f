import { z } from 'zod';
import { connectorPath } from '../../domain/kernel/connector-key.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { told } from '../world/told.ts';
import type { Invariant } from './invariant.ts';

const AlertDetail = z.looseObject({ id: z.string(), alertId: z.string() });

/** A raise travels this long at most when nothing goes wrong: the stream, the bus, the topic. */
const TOLD_WITHIN_MS = 2 * MINUTE_MS;

export const alertsAreTold: Invariant = {
  name: 'alerts-are-told',
  about:
    'Every raise of an alert is told on the bus once under its id, people are told of it, and nobody hears of an alert that is not kept; what the chargers know to be over is no open alert.',
  check: ({ events, notifications, points, time, doubts }, { alerts, aggregates }) => {
    const byId = new Map(
      told(events, ['AlertRaised', 'AlertEscalated', 'AlertCleared'], AlertDetail).map((one) => [one.detail.id, one]),
    );
    const raises = Map.groupBy(
      [...byId.values()].filter(({ type }) => type === 'AlertRaised'),
      ({ detail }) => detail.alertId,
    );
    const heard = new Set(notifications.map(({ attributes }) => attributes.id));
    const kept = new Map(alerts.map((alert) => [alert.alertId as string, alert]));
    const known = new Map([...points].map(([stationId, point]) => [stationId, point.record()]));
    /** A fault that ended by a wrong date ended before it began: as long as it is the status that shows, its alert is open. */
    const uncertain = new Set(
      aggregates
        .filter(({ stationId }) => doubts.get(stationId)?.has('date'))
        .flatMap(({ connectors }) => connectors.filter(({ status }) => status === 'faulted').map(connectorPath)),
    );
    return [
      ...alerts.flatMap((alert) => {
        const { alertId, phase, raises: count } = alert;
        const wanted = phase === 'pending' ? 0 : count;
        const found = raises.get(alertId)?.length ?? 0;
        const isOnItsWay = alert.phase === 'open' && alert.raisedAt > time.clock.now() - TOLD_WITHIN_MS;
        if (isOnItsWay) return [];
        return found === wanted ? [] : [`${alertId} was raised ${wanted} times, and told ${found} times`];
      }),
      ...[...raises.keys()].filter((alertId) => !kept.has(alertId)).map((alertId) => `${alertId} is told and not kept`),
      ...[...byId]
        .filter(([id, { time: at }]) => !heard.has(id) && Date.parse(at) < time.clock.now() - TOLD_WITHIN_MS)
        .map(([id]) => `${id}: nobody was notified`),
      ...alerts.flatMap(({ alertId, rule, phase, subject, severity }) => {
        if (phase !== 'open' || !('stationId' in subject)) return [];
        const station = known.get(subject.stationId);
        const isOver =
          (rule === 'station-offline' && station?.connected === true) ||
          (rule === 'connector-fault' &&
            severity === 'major' &&
            subject.kind === 'connector' &&
            !uncertain.has(connectorPath(subject)) &&
            // Of a status that was answered with an error, because it could not be stored, nobody else knows.
            station?.connectors.some(
              ({ evseId, connectorId, state, status }) =>
                evseId === subject.evseId &&
                connectorId === subject.connectorId &&
                state !== 'Faulted' &&
                status !== undefined &&
                status !== 'Faulted',
            ) === true);
        return isOver ? [`${alertId} is open, and over`] : [];
      }),
    ];
  },
};
