import type { Connector } from '../connector/connector.ts';
import { safeShareW } from '../connector/fallback-profile.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { electricsOfConnector } from '../registry/electrics.ts';
import type { Conductors } from '../session/used-conductors.ts';
import type { SiteConnector } from './site-event.ts';
import { toldLimits } from './told-limits.ts';

/** Since when a car is plugged in that has no session yet, ms: what is left of a session that has ended is no new car. */
const awaitsSessionSince = ({ session, report, recent }: Connector): number | undefined => {
  if (session !== undefined || report === undefined) return undefined;
  const isPluggedIn = report.status === 'preparing' || report.status === 'occupied';
  return isPluggedIn && report.at > (recent[0]?.endedAt ?? 0) ? report.at : undefined;
};

/** What a car draws from, where that is less than the connector has. */
const fewerConductors = ({ place, session }: Connector): Conductors | undefined => {
  const { current, phases } = electricsOfConnector(place);
  const { conductors } = session ?? {};
  return current === 'AC' && conductors !== undefined && conductors.length < phases ? conductors : undefined;
};

/**
 * The instant an image of a connector is about, ms: an answer to a command says nothing of when the station was seen, and a limit
 * holds from when it was sent.
 */
const instantOf = ({ lastSeenAt, profiles = [] }: Connector): number =>
  Math.max(lastSeenAt, profiles.at(-1)?.sentAt ?? 0);

/** A connector as its site sees it. */
export const siteConnectorOf = (connector: Connector): SiteConnector => {
  const { stationId, evseId, connectorId, rev, status, session } = connector;
  const at = instantOf(connector);
  return {
    stationId,
    evseId,
    connectorId,
    rev,
    isOffline: status === 'offline',
    ...omitUndefined({
      fallbackW: safeShareW(connector, at),
      awaitsSessionSince: awaitsSessionSince(connector),
    }),
    ...(session && {
      session: {
        sessionId: session.sessionId,
        transactionId: session.transactionId,
        startedAt: session.startedAt,
        energyWh: Math.round(session.energyWh),
        isSuspendedByCar: session.chargingState === 'suspendedEV' || status === 'suspendedEV',
        ...omitUndefined({
          sampledAt: session.sampledAt,
          powerW: session.powerW,
          socPercent: session.socPercent,
          conductors: fewerConductors(connector),
        }),
        ...toldLimits(connector, at),
      },
    }),
  };
};

/** A change of power below this, or below a fiftieth of the power, is not told: finer than what tells unused power from used. */
const LEAST_CHANGE_W = 200;
const SHARE = 1 / 50;
/** From here on a battery takes less with each percent. */
const TAPERS_FROM_PERCENT = 78;

const tapering = (socPercent: number | undefined): number => Math.max(TAPERS_FROM_PERCENT, Math.floor(socPercent ?? 0));

/**
 * Whether a connector is to be told to its site, given what was told of it last: a car plugged in, a session began or ended, the station came or
 * went, the car stopped or began taking power, its battery nears its end, or its power moved clearly away from what was told.
 * The comparison with what was told, not with the reading before, keeps noise around a threshold from being told each time.
 */
export const isWorthTelling = (told: SiteConnector | undefined, next: SiteConnector): boolean => {
  const [before, after] = [told?.session, next.session];
  if (before?.sessionId !== after?.sessionId || told?.awaitsSessionSince !== next.awaitsSessionSince) return true;
  const isExpected = next.isOffline || next.awaitsSessionSince !== undefined;
  if (after === undefined && isExpected && told?.fallbackW !== next.fallbackW) return true;
  if (before === undefined || after === undefined) return false;
  if (
    told?.isOffline !== next.isOffline ||
    told.fallbackW !== next.fallbackW ||
    before.isSuspendedByCar !== after.isSuspendedByCar
  )
    return true;
  if (before.setpointAt !== undefined && after.setpointAt === undefined) return true;
  // It is below the limit of somebody else, which may be what it was: the site takes it to hold until it hears of that.
  if (after.isOverruled && before.setpointAt !== after.setpointAt) return true;
  if (before.isSetpointOpen !== after.isSetpointOpen) return true;
  if (before.limitW !== after.limitW || before.conductors?.join() !== after.conductors?.join()) return true;
  if (tapering(before.socPercent) !== tapering(after.socPercent)) return true;
  const [fromW, toW] = [before.powerW ?? 0, after.powerW ?? 0];
  return Math.abs(toW - fromW) >= Math.max(LEAST_CHANGE_W, SHARE * Math.max(fromW, toW));
};
