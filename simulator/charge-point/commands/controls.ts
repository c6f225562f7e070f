import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { offeredW } from '../meter.ts';
import type { ChargePointStatus, SimulatedConnector, StopReason } from '../simulated-connector.ts';
import { type ChargingProfile, withProfile } from '../smart-charging/charging-profile.ts';

/** What a CSMS command can do to a station, free of the protocol version. */
export type Controls = {
  readonly connectors: readonly SimulatedConnector[];
  /** Configuration keys (1.6) or 'Component.Variable' (2.x), with their present values. */
  readonly variables: Map<string, string>;
  /** Starts on this connector, or on the first free one; false when there is none. */
  readonly remoteStart: (wanted: {
    readonly evseId?: number;
    readonly tag: string;
    readonly remoteStartId?: number;
    readonly profile?: ChargingProfile;
  }) => boolean;
  readonly remoteStop: (transactionId: string | number) => boolean;
  readonly unlock: (evseId: number) => boolean;
  /** evseId 0 means the whole station. 'Scheduled' while a transaction runs. */
  readonly changeAvailability: (evseId: number, operative: boolean) => 'Accepted' | 'Scheduled' | 'Rejected';
  /** evseId 0 sets it on every connector. */
  readonly setProfile: (evseId: number, profile: ChargingProfile) => boolean;
  /** Clears the profiles that meet every given criterion; returns how many. */
  readonly clearProfiles: (criteria: ProfileCriteria) => number;
  readonly reserve: (
    evseId: number,
    reservation: { tag: string; reservationId: number; until: number },
  ) => 'Accepted' | 'Occupied' | 'Rejected';
  readonly cancelReservation: (reservationId: number) => boolean;
  readonly reset: (hard: boolean) => void;
  readonly trigger: (message: string, evseId?: number) => boolean;
  /** W offered now at this EVSE, or by the whole station (0); undefined for an EVSE there is not. */
  readonly offeredW: (evseId: number) => number | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
};

/** Which profiles a command means; evseId 0 means those of every EVSE. */
export type ProfileCriteria = {
  readonly profileId: number | undefined;
  readonly evseId: number | undefined;
  readonly purpose: string | undefined;
  readonly stackLevel: number | undefined;
};

type Station = {
  readonly now: () => number;
  readonly connectors: readonly SimulatedConnector[];
  readonly variables: Map<string, string>;
  readonly restart: (hard: boolean) => void;
  readonly setStatus: (connector: SimulatedConnector, status: ChargePointStatus) => void;
  /** The station acts on a command a moment after it has answered it. */
  readonly wakeSoon: (connector: SimulatedConnector) => void;
  /** Sends what a TriggerMessage asks for. */
  readonly send: (message: string, connector: SimulatedConnector) => void;
};

const triggers = ['BootNotification', 'Heartbeat', 'MeterValues', 'StatusNotification', 'TransactionEvent'];

const matches = (
  { profileId, evseId, purpose, stackLevel }: ProfileCriteria,
  profile: ChargingProfile,
  connector: SimulatedConnector,
): boolean =>
  (profileId === undefined || profileId === profile.profileId) &&
  (evseId === undefined || evseId === 0 || evseId === connector.evseId) &&
  (purpose === undefined || purpose === profile.purpose) &&
  (stackLevel === undefined || stackLevel === profile.stackLevel);

/** The commands a CSMS may give, carried out on a station's connectors. */
export const stationControls = ({
  connectors,
  variables,
  restart,
  setStatus,
  wakeSoon,
  send,
  now,
}: Station): Controls => {
  const at = (evseId: number) => connectors.find((connector) => connector.evseId === evseId);
  const isFree = (connector: SimulatedConnector) =>
    connector.operative && !connector.transaction && !connector.vehicle && connector.status !== 'Faulted';
  const stop = (connector: SimulatedConnector | undefined, reason: StopReason): boolean => {
    if (!connector?.transaction) return false;
    connector.endWith = reason;
    wakeSoon(connector);
    return true;
  };
  const store = (connector: SimulatedConnector, profile: ChargingProfile) => {
    connector.profiles = withProfile(connector.profiles, profile);
    wakeSoon(connector);
  };
  return {
    connectors,
    variables,
    remoteStart: ({ evseId, tag, remoteStartId, profile }) => {
      const connector = evseId === undefined ? connectors.find(isFree) : at(evseId);
      if (!connector || !isFree(connector)) return false;
      if (profile) connector.profiles = withProfile(connector.profiles, profile);
      delete connector.reservedFor;
      connector.remoteStart = { tag, ...omitUndefined({ remoteStartId }) };
      wakeSoon(connector);
      return true;
    },
    remoteStop: (transactionId) =>
      stop(
        connectors.find(({ transaction }) => transaction?.transactionId === transactionId),
        'Remote',
      ),
    unlock: (evseId) => {
      const connector = at(evseId);
      stop(connector, 'UnlockCommand');
      return connector !== undefined;
    },
    changeAvailability: (evseId, operative) => {
      const wanted = evseId === 0 ? connectors : connectors.filter((connector) => connector.evseId === evseId);
      if (wanted.length === 0) return 'Rejected';
      for (const connector of wanted) {
        connector.operative = operative;
        if (!connector.vehicle) setStatus(connector, operative ? 'Available' : 'Unavailable');
      }
      return wanted.some(({ transaction }) => transaction) && !operative ? 'Scheduled' : 'Accepted';
    },
    setProfile: (evseId, profile) => {
      const wanted = evseId === 0 ? connectors : connectors.filter((connector) => connector.evseId === evseId);
      const fits = (connector: SimulatedConnector) =>
        profile.purpose !== 'TxProfile' ||
        (connector.transaction !== undefined &&
          (profile.transactionId === undefined || profile.transactionId === connector.transaction.transactionId));
      if (wanted.length === 0 || !wanted.every(fits)) return false;
      for (const connector of wanted) store(connector, profile);
      return true;
    },
    clearProfiles: (criteria) => {
      let cleared = 0;
      for (const connector of connectors) {
        const kept = connector.profiles.filter((profile) => !matches(criteria, profile, connector));
        cleared += connector.profiles.length - kept.length;
        if (kept.length < connector.profiles.length) wakeSoon(connector);
        connector.profiles = kept;
      }
      return cleared;
    },
    reserve: (evseId, reservation) => {
      const connector = evseId === 0 ? connectors.find(isFree) : at(evseId);
      if (!connector) return 'Rejected';
      if (!isFree(connector)) return 'Occupied';
      connector.reservedFor = reservation;
      setStatus(connector, 'Reserved');
      return 'Accepted';
    },
    cancelReservation: (reservationId) => {
      const connector = connectors.find(({ reservedFor }) => reservedFor?.reservationId === reservationId);
      if (!connector) return false;
      delete connector.reservedFor;
      setStatus(connector, 'Available');
      return true;
    },
    reset: restart,
    trigger: (message, evseId) => {
      if (!triggers.includes(message)) return false;
      const wanted = evseId ? connectors.filter((connector) => connector.evseId === evseId) : connectors;
      const once = message === 'BootNotification' || message === 'Heartbeat';
      for (const connector of once ? wanted.slice(0, 1) : wanted) send(message, connector);
      return wanted.length > 0;
    },
    offeredW: (evseId) => {
      const wanted = evseId === 0 ? connectors : connectors.filter((connector) => connector.evseId === evseId);
      if (wanted.length === 0) return undefined;
      const sumW = wanted.reduce((sum, connector) => sum + offeredW(connector, now()), 0);
      return Number(sumW.toFixed(1));
    },
    now,
  };
};
