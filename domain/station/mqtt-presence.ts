import { MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Connectivity } from './station.ts';

/** A presence event of AWS IoT. Its `version` is that of the MQTT session: a connect and its disconnect have the same. */
export type MqttPresence = { readonly connectionId: string; readonly at: number; readonly version: number };
type Ocpp = NonNullable<Connectivity['ocpp']>;
type Opening = MqttPresence & { readonly ocpp: Ocpp };
/** A message of a station at `at`, and what the session is called if there is none known that brought it. */
type Word = Omit<Opening, 'version'>;

/** Stamps of presence events are right to two minutes either way, so two of them may be wrong by this much. */
const STAMPS_ERR_MS = 4 * MINUTE_MS;

/** Lambda tries an event three times within three minutes and what the function takes. */
const TOLD_WITHIN_MS = 4 * MINUTE_MS;

/** Versions of a client rise, and begin at 0 again after it was away for about an hour: a 0 says nothing about the order. */
const isNotAbove = (version: number, known: number): boolean => version === known || (version !== 0 && version < known);

/** Whether the session is one that ended before it was told, or an older one. */
const hasEnded = ({ closedUnopened }: Connectivity, { at, version }: Opening): boolean =>
  closedUnopened !== undefined &&
  isNotAbove(version, closedUnopened.version) &&
  at <= closedUnopened.at + STAMPS_ERR_MS;

/** Whether a session is newer than a known one. Where stamps are too close to be believed its version tells. */
const isNewer = (known: { readonly at: number; readonly version?: number }, { at, version }: MqttPresence): boolean => {
  // The same session told again, or a count begun anew.
  if (version === known.version) return known.at < at;
  const isClose = Math.abs(at - known.at) <= STAMPS_ERR_MS;
  return known.version === undefined || version === 0 || !isClose ? known.at <= at : version > known.version;
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
    const { connectedAt: openedAt, disconnectedAt = 0, version: knownVersion } = known;
    const last = openedAt === undefined ? undefined : { at: openedAt, ...omitUndefined({ version: knownVersion }) };
    if (hasEnded(known, opening) || (last !== undefined && !isNewer(last, opening))) return undefined;
    // Instants at which a station comes and goes never fall, as everybody else orders its images by these.
    const connectedAt = Math.max(at, (openedAt ?? 0) + 1, disconnectedAt);
    return { connectionId, ocpp, transport: 'mqtt', connectedAt, version };
  },

  /**
   * A message came while no session was known. It shows that there is one if the station was heard before, at `heardAt` (ms), on no
   * session that was told, and so long ago that AWS IoT does not try any more to tell this one; else undefined.
   */
  spoke: (
    known: Connectivity | undefined,
    { connectionId, ocpp, at }: Word,
    heardAt: number | undefined,
  ): Connectivity | undefined => {
    const { disconnectedAt = 0, version, closedUnopened } = known ?? {};
    const goneAt = Math.max(disconnectedAt, closedUnopened?.at ?? 0);
    if (known?.connectionId !== undefined || heardAt === undefined) return undefined;
    if (heardAt <= goneAt + STAMPS_ERR_MS || at < heardAt + TOLD_WITHIN_MS) return undefined;
    const kept = omitUndefined({ version, closedUnopened });
    return { connectionId, ocpp, transport: 'mqtt', connectedAt: at, isUntold: true, ...kept };
  },

  /**
   * Ends the session if it is the current one, or if that one was not told and may be this. Of one that was not told yet its end is noted, so that its beginning changes
   * nothing when it comes. Undefined where there is nothing to be noted.
   */
  closed: (known: Connectivity | undefined, { connectionId, at, version }: MqttPresence): Connectivity | undefined => {
    const { version: knownVersion, connectedAt = 0, disconnectedAt = connectedAt, closedUnopened } = known ?? {};
    const isTold = knownVersion !== undefined && isNotAbove(version, knownVersion);
    if (known?.isUntold && at >= connectedAt - STAMPS_ERR_MS) {
      const { connectionId: _gone, isUntold: _untold, ...rest } = known;
      return { ...rest, disconnectedAt: Math.max(at, connectedAt), version, closedUnopened: { version, at } };
    }
    if (known?.connectionId === connectionId && (!isTold || version === knownVersion)) {
      const { connectionId: _gone, ...rest } = known;
      return { ...rest, disconnectedAt: at };
    }
    if (isTold && at <= disconnectedAt + STAMPS_ERR_MS) return undefined;
    if (closedUnopened !== undefined && !isNewer(closedUnopened, { connectionId, at, version })) return undefined;
    return { ...known, closedUnopened: { version, at } };
  },

  /** The session that `next` took from `known`, and what it spoke; undefined if it took none. */
  left: (
    known: Connectivity | undefined,
    next: Connectivity,
  ): { readonly connectionId: string; readonly ocpp: Ocpp; readonly transport: 'mqtt' } | undefined =>
    known?.ocpp === undefined || known.connectionId === undefined || known.connectionId === next.connectionId
      ? undefined
      : { connectionId: known.connectionId, ocpp: known.ocpp, transport: 'mqtt' },
};
