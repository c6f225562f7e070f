import { MINUTE_MS } from '../kernel/durations.ts';
import type { Connectivity } from './station.ts';

/** A presence event of AWS IoT. Its `version` is that of the MQTT session: a connect and its disconnect have the same. */
export type MqttPresence = { readonly connectionId: string; readonly at: number; readonly version: number };
type Ocpp = NonNullable<Connectivity['ocpp']>;
type Opening = MqttPresence & { readonly ocpp: Ocpp };

/** Stamps of presence events are right to two minutes either way, so two of them may be wrong by this much. */
const STAMPS_ERR_MS = 4 * MINUTE_MS;

/** Versions of a client rise, and begin at 0 again after it was away for about an hour: a 0 says nothing about the order. */
const isNotAbove = (version: number, known: number): boolean => version === known || (version !== 0 && version < known);

/** Whether the session is one that ended before it was told, or an older one. */
const hasEnded = ({ closedUnopened }: Connectivity, { at, version }: Opening): boolean =>
  closedUnopened !== undefined &&
  isNotAbove(version, closedUnopened.version) &&
  at <= closedUnopened.at + STAMPS_ERR_MS;

/** Where stamps are too close to be believed the version tells which is newer. */
const isNewer = (known: Connectivity, { at, version }: Opening): boolean => {
  const { connectedAt, version: knownVersion } = known;
  if (connectedAt === undefined) return true;
  const isClose = Math.abs(at - connectedAt) <= STAMPS_ERR_MS;
  if (knownVersion === undefined || !isClose) return connectedAt <= at;
  if (version === knownVersion) return connectedAt < at; // the same session told again, or a count begun anew
  return version === 0 ? connectedAt <= at : version > knownVersion;
};

/**
 * What AWS IoT's presence events make of a station's connectivity. They may come twice and in any order
 * (https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html).
 */
export const mqttPresence = {
  /** Undefined for a session that is not the newest, or has ended already. The current one, told again, changes nothing. */
  opened: (known: Connectivity | undefined, opening: Opening): Connectivity | undefined => {
    const { connectionId, ocpp, at, version } = opening;
    if (known === undefined) return { connectionId, ocpp, transport: 'mqtt', connectedAt: at, version };
    if (known.connectionId === connectionId && known.version === version) return known;
    if (hasEnded(known, opening) || !isNewer(known, opening)) return undefined;
    // Instants of connections rise, as everybody else orders them by these.
    const connectedAt = Math.max(at, (known.connectedAt ?? 0) + 1);
    return { connectionId, ocpp, transport: 'mqtt', connectedAt, version };
  },

  /**
   * Ends the session if it is the current one. Of one that was not told yet its end is noted, so that its beginning changes
   * nothing when it comes. Undefined where there is nothing to be noted.
   */
  closed: (known: Connectivity | undefined, { connectionId, at, version }: MqttPresence): Connectivity | undefined => {
    const { version: knownVersion, connectedAt = 0, disconnectedAt = connectedAt, closedUnopened } = known ?? {};
    const isTold = knownVersion !== undefined && isNotAbove(version, knownVersion);
    if (known?.connectionId === connectionId && (!isTold || version === knownVersion)) {
      const { connectionId: _gone, ...rest } = known;
      return { ...rest, disconnectedAt: at };
    }
    if (isTold && at <= disconnectedAt + STAMPS_ERR_MS) return undefined;
    if (closedUnopened !== undefined && closedUnopened.at >= at) return undefined;
    return { ...known, closedUnopened: { version, at } };
  },

  /** What the session spoke that `next` took from `known`; undefined if it took none. */
  left: (
    known: Connectivity | undefined,
    next: Connectivity,
  ): { readonly ocpp: Ocpp; readonly transport: 'mqtt' } | undefined =>
    known?.ocpp === undefined || known.connectionId === next.connectionId
      ? undefined
      : { ocpp: known.ocpp, transport: 'mqtt' },
};
