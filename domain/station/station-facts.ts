import { isOvertaken, isRepeated, reportOf } from '../connector/report.ts';
import type {
  ConnectionClosed,
  ConnectionOpened,
  Fact,
  MeterSampled,
  StationBooted,
  StationLost,
  StatusReported,
} from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import type { StationState } from './station.ts';

/** A station of which nothing is known yet. */
export const blankStation = (stationId: string): StationState => ({
  stationId,
  online: false,
  guard: '',
  rev: 0,
  outbox: [],
});

const when = ({ at, receivedAt }: Fact) => ({ at, receivedAt });

/** The station was heard of. The first word of its life makes it online without an event of coming back. */
export const stationHeardOf = (state: StationState, heardAt: number): Transition<StationState> => {
  const { offlineAt, ...rest } = state;
  if (state.online || (offlineAt !== undefined && heardAt < offlineAt)) return unchanged(state);
  const next: StationState = { ...rest, online: true, onlineAt: heardAt };
  if (offlineAt === undefined) return unchanged(next);
  return { next, changes: [{ type: 'StationCameOnline', at: heardAt, receivedAt: heardAt, offlineAt }] };
};

/** The sweep found the station silent or without a connection. */
export const stationLost = (state: StationState, fact: StationLost): Transition<StationState> =>
  state.online
    ? {
        next: { ...state, online: false, offlineAt: fact.at },
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
  const previousFirmware = state.firmware !== firmware ? state.firmware : undefined;
  return {
    next: { ...state, vendor, model, bootedAt: fact.at, ...omitUndefined({ serialNumber, firmware }) },
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
  const report = reportOf(fact);
  const { report: before } = state;
  if (isRepeated(report, before) || isOvertaken(report, before)) return unchanged(state);
  const next: StationState = { ...state, report };
  const isSame = before?.status === report.status && before.errorCode === report.errorCode;
  if (isSame) return unchanged(next);
  const { errorCode, vendorErrorCode, info } = report;
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
