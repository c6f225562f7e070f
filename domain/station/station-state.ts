import { profileEntry } from '../connector/profiles-changed.ts';
import { isOvertaken, isRepeated, type StatusReport, statusReportOf } from '../connector/status-report.ts';
import type {
  CapabilitiesReported,
  CapabilityRefused,
  ConnectionClosed,
  ConnectionOpened,
  Fact,
  MeterSampled,
  ProfilesChanged,
  SessionStarted,
  SessionUpdated,
  StationBooted,
  StationLost,
  StatusReported,
} from '../kernel/fact.ts';
import type { Guard } from '../kernel/guard.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { StateChange } from '../kernel/state-change.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { type ProfileLog, withOutcome } from '../profile/profile-log.ts';
import type { RecentSession } from '../session/recent-session.ts';
import {
  type CapabilityRecord,
  capabilitiesAfterBoot,
  capabilitiesTold,
  capabilityRefused,
} from './capability-record.ts';
import { type ReservationRecord, reservationStateAt, reservationsWith } from './reservation-record.ts';

/** Whether the station is heard of, and since when. */
export type Presence =
  | { readonly kind: 'neverHeard' }
  | { readonly kind: 'online'; readonly since: number }
  | { readonly kind: 'offline'; readonly since: number };

/** What a transaction told before a message of it told where it is. */
export type UnplacedFact = (SessionStarted | SessionUpdated | MeterSampled) & { readonly transactionId: string };

/** What the stream told about the station as a whole: written by project-state, guarded like a connector. */
export type StationState = {
  readonly stationId: string;
  readonly presence: Presence;
  readonly connectionId?: string;
  /** When the newest connection heard of was opened, also after it closed: an older one told later changes nothing. */
  readonly connectedAt?: number;
  readonly vendor?: string;
  readonly model?: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
  readonly bootedAt?: number;
  readonly report?: StatusReport;
  /** Learned constant offset of the station's clock, ms (its clock minus ours); absent while it is right. */
  readonly clockOffsetMs?: number;
  /** What the learning rests on: distances of the last live stamps, ms, newest first, at most eight. */
  readonly clockSamplesMs?: readonly number[];
  /** Receive time of the newest of them. */
  readonly clockSampledAt?: number;
  /** Main-meter reading (connector 0 / evse 0), for the sub-meter check. */
  readonly mainMeter?: { readonly at: number; readonly energyWh?: number; readonly powerW?: number };
  /** What up to four transactions told that did not say where (OCPP 2.x may name the EVSE in a later event only). */
  readonly unplaced?: readonly UnplacedFact[];
  /** Sessions whose stop was told and no connector, newest first, at most four: to recognise repeats. */
  readonly orphans?: readonly RecentSession[];
  /** What it told of its abilities, and what commands found missing. */
  readonly capabilities?: CapabilityRecord;
  /** Its reservations, ordered by number; at most MOST_RESERVATIONS. */
  readonly reservations?: readonly ReservationRecord[];
  /** The charging profiles of the station as a whole and for all its EVSEs, as they were sent. */
  readonly profiles?: ProfileLog;
  readonly guard: Guard;
  readonly rev: number;
  readonly outbox: readonly StateChange[];
};

/** A station of which nothing is known yet. */
export const blankStation = (stationId: string): StationState => ({
  stationId,
  presence: { kind: 'neverHeard' },
  guard: '',
  rev: 0,
  outbox: [],
});

const when = ({ at, receivedAt }: Fact) => ({ at, receivedAt });

/** The station was heard of. The first word of its life makes it online without an event of coming back. */
export const stationHeardOf = (state: StationState, heardAt: number): Transition<StationState> => {
  const { presence } = state;
  const next: StationState = { ...state, presence: { kind: 'online', since: heardAt } };
  switch (presence.kind) {
    case 'online':
      return unchanged(state);
    case 'neverHeard':
      return unchanged(next);
    case 'offline': {
      const offlineAt = presence.since;
      if (heardAt < offlineAt) return unchanged(state);
      return { next, changes: [{ type: 'StationCameOnline', at: heardAt, receivedAt: heardAt, offlineAt }] };
    }
    default:
      return unreachable(presence);
  }
};

/** The sweep found the station silent or without a connection. */
export const stationLost = (state: StationState, fact: StationLost): Transition<StationState> =>
  state.presence.kind === 'online'
    ? {
        next: { ...state, presence: { kind: 'offline', since: fact.at } },
        changes: [{ type: 'StationWentOffline', ...when(fact), cause: fact.cause }],
      }
    : unchanged(state);

/** A connection opened: from now on it is the station's current one. */
export const connectionOpened = (state: StationState, fact: ConnectionOpened): Transition<StationState> => {
  const { connectionId, ocpp, transport } = fact;
  if (state.connectedAt !== undefined && fact.at <= state.connectedAt) return unchanged(state);
  return {
    next: { ...state, connectionId, connectedAt: fact.at },
    changes: [{ type: 'StationConnected', ...when(fact), connectionId, ocpp, transport }],
  };
};

/** A connection closed. The end of one that was replaced before says nothing about the station. */
export const connectionClosed = (state: StationState, fact: ConnectionClosed): Transition<StationState> => {
  if (state.connectionId !== fact.connectionId) return unchanged(state);
  const { connectionId, ...next } = state;
  return { next, changes: [{ type: 'StationDisconnected', ...when(fact), connectionId }] };
};

/** The station booted. Boots carry no stamp of their own: one that is not newer is a repeat. */
export const stationBooted = (state: StationState, fact: StationBooted): Transition<StationState> => {
  const { vendor, model, serialNumber, firmware, bootReason } = fact;
  if (state.bootedAt !== undefined && fact.at <= state.bootedAt) return unchanged(state);
  // A boot that names no firmware says nothing of another one.
  const isOther = firmware !== undefined && state.firmware !== firmware;
  const previousFirmware = isOther ? state.firmware : undefined;
  const capabilities = capabilitiesAfterBoot(state.capabilities, fact);
  return {
    next: {
      ...state,
      ...{ vendor, model, bootedAt: fact.at },
      ...omitUndefined({ serialNumber, firmware, capabilities }),
    },
    changes: [
      {
        type: 'StationRebooted',
        ...when(fact),
        vendor,
        model,
        ...omitUndefined({ firmware, previousFirmware, bootReason }),
      },
    ],
  };
};

/** Connector 0 said its status: the station itself. */
export const stationStatusReported = (state: StationState, fact: StatusReported): Transition<StationState> => {
  const report = statusReportOf(fact);
  const { report: before } = state;
  if (isRepeated(report, before) || isOvertaken(report, before)) return unchanged(state);
  const next: StationState = { ...state, report };
  const { errorCode, vendorErrorCode, info } = report;
  const isSameError = before?.errorCode === errorCode && before?.vendorErrorCode === vendorErrorCode;
  if (before?.status === report.status && isSameError) return unchanged(next);
  return {
    next,
    changes: [
      {
        type: 'StationStatusChanged',
        at: report.at,
        receivedAt: fact.receivedAt,
        from: before?.status ?? 'unknown',
        to: report.status,
        ...omitUndefined({ errorCode, vendorErrorCode, info }),
      },
    ],
  };
};

/** The main meter was read. Every reading is history once: its id is its instant. */
export const mainMeterSampled = (state: StationState, fact: MeterSampled): Transition<StationState> => {
  const { at } = fact;
  const measured = omitUndefined({ energyWh: fact.reading.energyWh, powerW: fact.reading.powerW });
  if (state.mainMeter?.at === at || Object.keys(measured).length === 0) return unchanged(state);
  const change: PendingChange = {
    id: `${state.stationId}.main.${at.toString(36)}`,
    type: 'MainMeterMeasured',
    ...when(fact),
    ...measured,
  };
  const isNewest = state.mainMeter === undefined || at > state.mainMeter.at;
  return { next: isNewest ? { ...state, mainMeter: { at, ...measured } } : state, changes: [change] };
};

/** The station told of its abilities, or a command found that it lacks one. */
export const capabilitiesLearned = (
  state: StationState,
  fact: CapabilitiesReported | CapabilityRefused,
): Transition<StationState> => {
  const { capabilities: before, firmware } = state;
  const capabilities =
    fact.type === 'CapabilitiesReported'
      ? capabilitiesTold(before, fact, firmware)
      : capabilityRefused(before, fact, firmware);
  return unchanged(capabilities === before ? state : { ...state, capabilities });
};

/** Something was told of a reservation at `at`. */
export const reservationTold = (
  state: StationState,
  told: ReservationRecord,
  { at, receivedAt }: Pick<Fact, 'at' | 'receivedAt'>,
): Transition<StationState> => {
  const { reservations: known = [] } = state;
  const reservations = reservationsWith(known, told, receivedAt);
  if (reservations === known) return unchanged(state);
  const next = { ...state, reservations };
  const find = (list: readonly ReservationRecord[]) =>
    list.find(({ reservationId }) => reservationId === told.reservationId);
  const [before, after] = [find(known), find(reservations)];
  if (after === undefined) return unchanged(next);
  const to = reservationStateAt(after, receivedAt);
  if (before !== undefined && reservationStateAt(before, receivedAt) === to) return unchanged(next);
  const { reservationId, request, end } = after;
  const change: PendingChange = {
    type: 'ReservationChanged',
    at,
    receivedAt,
    reservationId,
    to,
    ...omitUndefined({
      evseId: (to === 'Used' ? end?.evseId : undefined) ?? request?.evseId,
      tag: request?.tag,
      expiresAt: request?.expiresAt,
      transactionId: to === 'Used' ? end?.transactionId : undefined,
      reason: to === 'Rejected' ? request?.reason : undefined,
    }),
  };
  return { next, changes: [change] };
};

const NO_PROFILES: ProfileLog = [];

/**
 * A command changed the charging profiles of the station, or may have. That one of ours was accepted is told once per
 * command, under its name.
 */
export const stationProfilesChanged = (state: StationState, fact: ProfilesChanged): Transition<StationState> => {
  const known = state.profiles ?? NO_PROFILES;
  const profiles = withOutcome(known, profileEntry(fact, fact.change), 0, fact.receivedAt);
  const { change, commandId, ocpp, payload, by, why, requestId, origin } = fact;
  const accepted: PendingChange = {
    id: `${state.stationId}.${commandId}.accepted`,
    type: 'ProfilesAccepted',
    ...when(fact),
    ...{ change, commandId, ocpp, payload, by, origin },
    ...omitUndefined({ why, requestId }),
  };
  return {
    next: profiles === known ? state : { ...state, profiles },
    changes: fact.isSettled && fact.isWrittenHere ? [accepted] : [],
  };
};
