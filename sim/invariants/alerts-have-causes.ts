import type { Alert } from '../../domain/alerts/alert.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { isQuietBetween } from '../world/is-quiet-between.ts';
import { statusTold } from '../world/status-told.ts';
import type { HeardFrame, World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

/** A charger said that a connector is well, or that it is not. */
type Report = { readonly place: string; readonly at: number; readonly isFaulted: boolean; readonly errorCode: string };

const reportIn = (frame: HeardFrame): Report | undefined => {
  const told = statusTold(frame);
  if (told === undefined) return undefined;
  const { evseId, connectorId, status, errorCode } = told;
  const place = `${frame.stationId} ${evseId}/${connectorId}`;
  return { place, at: frame.at, isFaulted: status === 'Faulted', errorCode };
};

const ofFaults = new Set(['connector-fault', 'ground-fault', 'high-temperature']);
/** A fault that lasts longer than this is seen, whatever else comes in the same batch. */
const SEEN_WITHIN_MS = 3 * MINUTE_MS;

const placeOf = ({ subject }: Alert): string | undefined =>
  subject.kind === 'connector' ? `${subject.stationId} ${subject.evseId}/${subject.connectorId}` : undefined;

const isFalse = (alert: Alert, { points, doubts, frames }: World, reports: readonly Report[]): boolean => {
  const { rule, subject } = alert;
  // What a hostile station has alerts for is its own business.
  if (!('stationId' in subject) || !points.has(subject.stationId) || alert.phase === 'pending') return false;
  const { stationId } = subject;
  switch (rule) {
    case 'connector-fault':
      return !reports.some(
        ({ place, isFaulted, errorCode }) => place === placeOf(alert) && (isFaulted || errorCode !== 'NoError'),
      );
    case 'ground-fault':
      return !reports.some(({ place, errorCode }) => place === placeOf(alert) && errorCode === 'GroundFailure');
    case 'station-offline':
      return new Set(frames.filter((frame) => frame.stationId === stationId).map(({ line }) => line)).size < 2;
    case 'clock-skew':
      return !doubts.get(stationId)?.has('clock');
    default:
      // No charger here does what the other rules look at, or too many things may lead to it.
      return rule === 'tamper' || rule === 'station-ground-fault';
  }
};

export const alertsHaveCauses: Invariant = {
  name: 'alerts-have-causes',
  about:
    'A fault that a charger tells, and that lasts, is an alert; and there is no alert of faults, lost lines, wrong clocks or tampering that no charger had.',
  check: (world, { alerts }) => {
    const reports = world.frames.flatMap((frame) => reportIn(frame) ?? []);
    const missed = [...Map.groupBy(reports, ({ place }) => place)].flatMap(([place, told]) =>
      told.flatMap(({ isFaulted, at }, index) => {
        const untilAt = told[index + 1]?.at ?? world.restedAt;
        if (!isFaulted || untilAt - at < SEEN_WITHIN_MS) return [];
        if (!isQuietBetween(world, at - SEEN_WITHIN_MS, at + SEEN_WITHIN_MS)) return [];
        const isThere = alerts.some(
          (alert) => ofFaults.has(alert.rule) && placeOf(alert) === place && alert.since <= at + SEEN_WITHIN_MS,
        );
        return isThere ? [] : [`${place} told a fault at ${new Date(at).toISOString()}, and there is no alert`];
      }),
    );
    const without = alerts.filter((alert) => isFalse(alert, world, reports));
    return [...missed, ...without.map(({ alertId }) => `${alertId} has no cause`)];
  },
};
