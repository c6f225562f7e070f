import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { DeviceModel } from '../device-model.ts';
import type { CallRequest } from '../dialect.ts';
import type { LocalList } from '../local-list.ts';
import type { Maintenance } from '../maintenance.ts';
import { outletOf } from '../power-supply.ts';
import type { ChargePointStatus, SimulatedConnector, StopReason } from '../simulated-connector.ts';
import type { ChargingProfile } from '../smart-charging/charging-profile.ts';
import { type CompositePeriod, compositeSchedule } from '../smart-charging/composite-schedule.ts';
import {
  type InstalledProfile,
  isMeant,
  type ProfileCriteria,
  withProfile,
} from '../smart-charging/installed-profile.ts';
import { type ProfileRefusal, type ProfileRules, profileRefusal } from '../smart-charging/profile-refusal.ts';

/** What a CSMS command can do to a station, free of the protocol version. EVSE 0 is the station as a whole. */
export type Controls = {
  readonly stationId: string;
  readonly connectors: readonly SimulatedConnector[];
  readonly variables: DeviceModel;
  readonly localList: LocalList;
  readonly maintenance: Maintenance;
  /** Ids of the certificates that were installed, by type. */
  readonly certificates: Map<string, string>;
  /** Starts on this connector, or on the first free one; false when there is none. */
  readonly remoteStart: (wanted: {
    readonly evseId?: number;
    readonly tag: string;
    readonly remoteStartId?: number;
    readonly profile?: ChargingProfile;
  }) => boolean;
  readonly remoteStop: (transactionId: string | number) => boolean;
  readonly unlock: (evseId: number) => boolean;
  /** 'Scheduled': a transaction runs, and the connector goes out of service when it ends. */
  readonly changeAvailability: (evseId: number, operative: boolean) => 'Accepted' | 'Scheduled' | 'Rejected';
  /** Why the profile is not taken; undefined when it is. */
  readonly setProfile: (evseId: number, profile: ChargingProfile) => ProfileRefusal | undefined;
  readonly profiles: (criteria: ProfileCriteria) => readonly InstalledProfile[];
  /** Clears the profiles that are meant; returns how many. */
  readonly clearProfiles: (criteria: ProfileCriteria) => number;
  /** Undefined for an EVSE there is not. */
  readonly compositeSchedule: (
    evseId: number,
    durationSec: number,
    unit: 'W' | 'A',
  ) => readonly CompositePeriod[] | undefined;
  readonly reserve: (
    evseId: number,
    reservation: { tag: string; reservationId: number; until: number },
  ) => 'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable';
  readonly cancelReservation: (reservationId: number) => boolean;
  /** 'Scheduled': it waits for the transactions that run. */
  readonly reset: (how: 'hard' | 'soft' | 'on-idle') => 'Accepted' | 'Scheduled';
  readonly trigger: (message: string, evseId?: number) => boolean;
  /** Sends messages a moment after the answer, in order. */
  readonly tellSoon: (requests: readonly CallRequest[]) => void;
  /** Changes how the station behaves from now on, in the words of a behaviour; throws an Error that says what is wrong. */
  readonly behave: (words: string) => void;
  /** ms since the epoch. */
  readonly now: () => number;
};

/** What the controls move. */
export type ControlledStation = Pick<
  Controls,
  'stationId' | 'connectors' | 'variables' | 'localList' | 'maintenance' | 'behave' | 'now'
> & {
  readonly installed: { profiles: readonly InstalledProfile[] };
  readonly profileRules: () => ProfileRules;
  readonly restart: (hard: boolean) => void;
  readonly restartWhenIdle: () => void;
  readonly setStatus: (connector: SimulatedConnector, status: ChargePointStatus) => void;
  /** The station acts on a command a moment after it has answered it. */
  readonly soon: (run: () => void) => void;
  readonly profilesChanged: () => void;
  /** Runs something at an instant. */
  readonly at: (instant: number, run: () => void) => void;
  /** Sends what a trigger asks for; false for a message the station does not send on demand. */
  readonly send: (message: string, connectors: readonly SimulatedConnector[]) => boolean;
  readonly tell: (request: CallRequest) => void;
  readonly reservationEnded: (reservationId: number) => CallRequest | undefined;
};

/** The commands a CSMS may give, carried out on a station. */
export const stationControls = (station: ControlledStation): Controls => {
  const { stationId, connectors, variables, localList, maintenance, behave, now } = station;
  const { installed, setStatus, soon, tell } = station;
  const at = (evseId: number) => connectors.find((connector) => connector.evseId === evseId);
  const below = (evseId: number) => (evseId === 0 ? connectors : connectors.filter((one) => one.evseId === evseId));
  const isFree = (connector: SimulatedConnector) =>
    connector.operative && !connector.transaction && !connector.vehicle && connector.status !== 'Faulted';
  const stop = (connector: SimulatedConnector | undefined, reason: StopReason): boolean => {
    if (!connector?.transaction) return false;
    connector.endWith = reason;
    soon(() => connector.wake());
    return true;
  };
  const unreserve = (connector: SimulatedConnector) => {
    delete connector.reservedFor;
    if (connector.status === 'Reserved') setStatus(connector, 'Available');
  };
  const expire = (connector: SimulatedConnector, reservation: SimulatedConnector['reservedFor']) => {
    if (reservation === undefined || connector.reservedFor !== reservation) return;
    unreserve(connector);
    const told = station.reservationEnded(reservation.reservationId);
    if (told) tell(told);
  };
  const unavailability = (connector: SimulatedConnector) => {
    if (connector.status === 'Faulted') return 'Faulted' as const;
    return connector.operative ? ('Occupied' as const) : ('Unavailable' as const);
  };
  return {
    stationId,
    connectors,
    variables,
    localList,
    maintenance,
    certificates: new Map(),
    behave,
    now,
    remoteStart: ({ evseId, tag, remoteStartId, profile }) => {
      const isForTag = ({ reservedFor }: SimulatedConnector) => reservedFor === undefined || reservedFor.tag === tag;
      const connector = evseId === undefined ? connectors.find((one) => isFree(one) && isForTag(one)) : at(evseId);
      if (!connector || !isFree(connector) || !isForTag(connector)) return false;
      connector.remoteStart = { tag, ...omitUndefined({ remoteStartId, profile }) };
      soon(() => connector.wake());
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
      const wanted = below(evseId);
      if (wanted.length === 0) return 'Rejected';
      for (const connector of wanted) {
        connector.operative = operative;
        if (!connector.vehicle && connector.status !== 'Faulted')
          setStatus(connector, operative ? 'Available' : 'Unavailable');
      }
      return wanted.some(({ transaction }) => transaction) && !operative ? 'Scheduled' : 'Accepted';
    },
    setProfile: (evseId, profile) => {
      const added = { evseId, profile };
      const kept = installed.profiles.filter(({ profile: { validTo = Infinity } }) => validTo > now());
      const refusal = profileRefusal(added, kept, connectors.map(outletOf), station.profileRules());
      if (refusal !== undefined) return refusal;
      installed.profiles = withProfile(kept, added);
      station.profilesChanged();
      return undefined;
    },
    profiles: (criteria) => installed.profiles.filter((one) => isMeant(criteria, one)),
    clearProfiles: (criteria) => {
      const kept = installed.profiles.filter((one) => !isMeant(criteria, one));
      const cleared = installed.profiles.length - kept.length;
      installed.profiles = kept;
      if (cleared > 0) station.profilesChanged();
      return cleared;
    },
    compositeSchedule: (evseId, durationSec, unit) => {
      const outlets = connectors.map(outletOf);
      const outlet = outlets.find((one) => one.evseId === evseId);
      if (evseId !== 0 && outlet === undefined) return undefined;
      return compositeSchedule(installed.profiles, outlets, outlet, { from: now(), durationSec, unit });
    },
    reserve: (evseId, reservation) => {
      const { reservationId, until } = reservation;
      const renewed = connectors.find(({ reservedFor }) => reservedFor?.reservationId === reservationId);
      const free = (connector: SimulatedConnector) =>
        isFree(connector) && (connector.reservedFor === undefined || connector === renewed);
      const connector = evseId === 0 ? connectors.find(free) : at(evseId);
      if (until <= now() || (evseId !== 0 && !connector)) return 'Rejected';
      if (!connector) return 'Occupied';
      if (!free(connector)) return unavailability(connector);
      if (renewed && renewed !== connector) unreserve(renewed);
      connector.reservedFor = reservation;
      setStatus(connector, 'Reserved');
      station.at(until, () => expire(connector, reservation));
      return 'Accepted';
    },
    cancelReservation: (reservationId) => {
      const connector = connectors.find(({ reservedFor }) => reservedFor?.reservationId === reservationId);
      if (!connector) return false;
      unreserve(connector);
      return true;
    },
    reset: (how) => {
      if (how === 'on-idle' && connectors.some(({ transaction }) => transaction)) {
        station.restartWhenIdle();
        return 'Scheduled';
      }
      station.restart(how === 'hard');
      return 'Accepted';
    },
    trigger: (message, evseId) => {
      const wanted = below(evseId ?? 0);
      return wanted.length > 0 && station.send(message, wanted);
    },
    tellSoon: (requests) =>
      soon(() => {
        for (const request of requests) tell(request);
      }),
  };
};
