import { type Profile, withProfile } from './charging-profile.ts';
import { offeredW } from './meter.ts';
import type { Plug, Reason, Status } from './simulated-connector.ts';

/** What a CSMS command can do to a station, free of the protocol version. */
export type Controls = {
  readonly plugs: readonly Plug[];
  /** Configuration keys (1.6) or 'Component.Variable' (2.x), with their present values. */
  readonly variables: Map<string, string>;
  /** Starts on this plug, or on the first free one; false when there is none. */
  readonly remoteStart: (wanted: {
    readonly evseId?: number;
    readonly tag: string;
    readonly remoteStartId?: number;
    readonly profile?: Profile;
  }) => boolean;
  readonly remoteStop: (transactionId: string | number) => boolean;
  readonly unlock: (evseId: number) => boolean;
  /** evseId 0 means the whole station. 'Scheduled' while a transaction runs. */
  readonly changeAvailability: (evseId: number, operative: boolean) => 'Accepted' | 'Scheduled' | 'Rejected';
  /** evseId 0 sets it on every plug. */
  readonly setProfile: (evseId: number, profile: Profile) => boolean;
  readonly clearProfiles: (matches: (profile: Profile, plug: Plug) => boolean) => number;
  readonly reserve: (
    evseId: number,
    reservation: { tag: string; reservationId: number; until: number },
  ) => 'Accepted' | 'Occupied' | 'Rejected';
  readonly cancelReservation: (reservationId: number) => boolean;
  readonly reset: (hard: boolean) => void;
  readonly trigger: (message: string, evseId?: number) => boolean;
  readonly offerW: (plug: Plug) => number;
};

type Station = {
  readonly plugs: readonly Plug[];
  readonly variables: Map<string, string>;
  readonly restart: (hard: boolean) => void;
  readonly setStatus: (plug: Plug, status: Status) => void;
  /** The station acts on a command a moment after it has answered it. */
  readonly wakeSoon: (plug: Plug) => void;
  readonly say: (message: string, plug: Plug) => void;
};

const triggers = ['BootNotification', 'Heartbeat', 'MeterValues', 'StatusNotification', 'TransactionEvent'];

/** The commands a CSMS may give, carried out on a station's plugs. */
export const stationControls = ({ plugs, variables, restart, setStatus, wakeSoon, say }: Station): Controls => {
  const at = (evseId: number) => plugs.find((plug) => plug.evseId === evseId);
  const isFree = (plug: Plug) => plug.operative && !plug.transaction && !plug.vehicle && plug.status !== 'Faulted';
  const stop = (plug: Plug | undefined, reason: Reason): boolean => {
    if (!plug?.transaction) return false;
    plug.endWith = reason;
    wakeSoon(plug);
    return true;
  };
  const store = (plug: Plug, profile: Profile) => {
    plug.profiles = withProfile(plug.profiles, profile);
    wakeSoon(plug);
  };
  return {
    plugs,
    variables,
    remoteStart: ({ evseId, tag, remoteStartId, profile }) => {
      const plug = evseId === undefined ? plugs.find(isFree) : at(evseId);
      if (!plug || !isFree(plug)) return false;
      if (profile) plug.profiles = withProfile(plug.profiles, profile);
      delete plug.reservedFor;
      plug.remoteStart = { tag, ...(remoteStartId === undefined ? {} : { remoteStartId }) };
      wakeSoon(plug);
      return true;
    },
    remoteStop: (transactionId) =>
      stop(
        plugs.find(({ transaction }) => transaction?.transactionId === transactionId),
        'Remote',
      ),
    unlock: (evseId) => {
      const plug = at(evseId);
      stop(plug, 'UnlockCommand');
      return plug !== undefined;
    },
    changeAvailability: (evseId, operative) => {
      const wanted = evseId === 0 ? plugs : plugs.filter((plug) => plug.evseId === evseId);
      if (wanted.length === 0) return 'Rejected';
      for (const plug of wanted) {
        plug.operative = operative;
        if (!plug.vehicle) setStatus(plug, operative ? 'Available' : 'Unavailable');
      }
      return wanted.some(({ transaction }) => transaction) && !operative ? 'Scheduled' : 'Accepted';
    },
    setProfile: (evseId, profile) => {
      const wanted = evseId === 0 ? plugs : plugs.filter((plug) => plug.evseId === evseId);
      const fits = (plug: Plug) =>
        profile.purpose !== 'TxProfile' ||
        (plug.transaction !== undefined &&
          (profile.transactionId === undefined || profile.transactionId === plug.transaction.transactionId));
      if (wanted.length === 0 || !wanted.every(fits)) return false;
      for (const plug of wanted) store(plug, profile);
      return true;
    },
    clearProfiles: (matches) => {
      let cleared = 0;
      for (const plug of plugs) {
        const kept = plug.profiles.filter((profile) => !matches(profile, plug));
        cleared += plug.profiles.length - kept.length;
        if (kept.length < plug.profiles.length) wakeSoon(plug);
        plug.profiles = kept;
      }
      return cleared;
    },
    reserve: (evseId, reservation) => {
      const plug = evseId === 0 ? plugs.find(isFree) : at(evseId);
      if (!plug) return 'Rejected';
      if (!isFree(plug)) return 'Occupied';
      plug.reservedFor = reservation;
      setStatus(plug, 'Reserved');
      return 'Accepted';
    },
    cancelReservation: (reservationId) => {
      const plug = plugs.find(({ reservedFor }) => reservedFor?.reservationId === reservationId);
      if (!plug) return false;
      delete plug.reservedFor;
      setStatus(plug, 'Available');
      return true;
    },
    reset: restart,
    trigger: (message, evseId) => {
      if (!triggers.includes(message)) return false;
      const wanted = evseId ? plugs.filter((plug) => plug.evseId === evseId) : plugs;
      const once = message === 'BootNotification' || message === 'Heartbeat';
      for (const plug of once ? wanted.slice(0, 1) : wanted) say(message, plug);
      return wanted.length > 0;
    },
    offerW: (plug) => offeredW(plug, Date.now()),
  };
};
