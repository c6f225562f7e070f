import pMap from 'p-map';
import { localDay } from '../../domain/calendar/local-time.ts';
import type { FormerRegistration } from '../../domain/registry/former-registration.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { reportPeriod } from '../../domain/uptime/report-period.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { ReportedStation, UptimeQuestion } from './uptime-report.ts';

/**
 * Until when a registration counts that has ended: until a day begins, as days are computed of what is registered once they are
 * over. A time that a later registration of the station claims is that one's.
 */
const endOf = ({ timeZone, decommissionedAt }: FormerRegistration, later: readonly Registration[]): number =>
  localDay(timeZone, Math.min(decommissionedAt, ...later.map(({ commissionedAt = 0 }) => commissionedAt))).startAt;

const AT_ONCE = 16;

type Period = Pick<UptimeQuestion, 'rule' | 'month'>;

/** Whether a station was in service at any time of a period. */
const stoodWithin = (
  { registration, untilAt = Number.POSITIVE_INFINITY }: ReportedStation,
  { rule, month }: Period,
) => {
  const { timeZone, commissionedAt = 0 } = registration;
  const { startAt, endAt } = reportPeriod(rule, month, timeZone);
  return Math.max(startAt, commissionedAt) < Math.min(endAt, untilAt);
};

/**
 * The stations of a site, or of the network, that stood within the period of a report: those registered, then former ones. What
 * a later registration at another site claims of a former one's time counts there.
 */
export const reportedStations = async (
  registry: Pick<StationRegistry, 'list' | 'find' | 'former'>,
  siteId: string | undefined,
  period: Period,
): Promise<readonly ReportedStation[]> => {
  const [registered, former] = await Promise.all([registry.list(siteId), registry.former()]);
  const present = new Map(registered.map((registration) => [registration.stationId, registration]));
  const isThere = (registration: Registration) => siteId === undefined || registration.siteId === siteId;
  const endedOf = async ([stationId, ofStation]: readonly [string, readonly FormerRegistration[]]) => {
    if (!ofStation.some(isThere)) return [];
    const last = present.get(stationId) ?? (siteId === undefined ? undefined : await registry.find(stationId));
    return ofStation.flatMap((registration, index): readonly ReportedStation[] => {
      const later = [...ofStation.slice(index + 1), ...(last === undefined ? [] : [last])];
      return isThere(registration) ? [{ registration, untilAt: endOf(registration, later) }] : [];
    });
  };
  const byStation = Map.groupBy(former, ({ stationId }) => stationId);
  const ended = (await pMap(byStation, endedOf, { concurrency: AT_ONCE })).flat();
  const all = [...registered.map((registration): ReportedStation => ({ registration })), ...ended];
  return all.filter((station) => stoodWithin(station, period));
};
