import type { Connector } from '../../domain/connector/connector.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { answer } from '../../ocpp/answer.ts';
import { factsOf } from '../../ocpp/facts-of.ts';
import type { OcppVersion, SweepEnvelope } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import { minutes, noon, registration } from './station-days.ts';
import { toldWh } from './told-minutes.ts';

/** Noon plus minutes, and the same as a charger writes it. */
export const at = (minute: number): number => noon + minutes(minute);
export const iso = (minute: number): string => new Date(at(minute)).toISOString();

type Verdict = 'Accepted' | 'Blocked';

/** A charger talking to the stack: every message is answered, made into facts and folded, as it would be deployed. */
export const conversation = (
  ocpp: OcppVersion,
  {
    connectors,
    tag = 'Accepted',
  }: { connectors?: readonly RegisteredConnector[]; tag?: Verdict | ((tag: string) => Verdict) } = {},
) => {
  const own = registration('S1');
  const verdictOf = (presented: string) => ({ status: typeof tag === 'function' ? tag(presented) : tag });
  let aggregate: StationAggregate = {
    stationId: 'S1',
    station: { registration: connectors ? { ...own, connectors } : own },
    connectors: [],
  };
  const changes: StateChange[] = [];
  let count = 0;
  const take = (envelope: Parameters<typeof factsOf>[0], heardAt?: number): void => {
    count += 1;
    const { facts } = factsOf(envelope);
    const guard = guardOf('00', String(count));
    const folded = fold(aggregate, { guard, facts, ...(heardAt === undefined ? {} : { heardAt }) });
    aggregate = folded.aggregate;
    changes.push(...folded.connectors.flatMap((item) => item.changes), ...(folded.station?.changes ?? []));
  };
  const say = (receivedAt: number, action: string, payload: object): Readonly<Record<string, unknown>> => {
    const frame = JSON.stringify([2, `m${count}`, action, payload]);
    const context = {
      ocpp,
      stationId: 'S1',
      now: receivedAt,
      admission: 'accepted',
      heartbeatIntervalSec: 540,
    } as const;
    const { text = '[]' } = answer(readFrame(frame, ocpp), { ...context, tag: verdictOf });
    take({ kind: 'frame', stationId: 'S1', ocpp, transport: 'websocket', receivedAt, frame, answer: text }, receivedAt);
    const reply: unknown[] = JSON.parse(text);
    return Object(reply[2]);
  };
  return {
    /** Says a message that arrives at `minute`; returns what it was answered. */
    say: (minute: number, action: string, payload: object) => say(at(minute), action, payload),
    find: (minute: number, finding: SweepEnvelope['finding']): void =>
      take({ kind: 'sweep', stationId: 'S1', receivedAt: at(minute), finding }),
    get aggregate(): StationAggregate {
      return aggregate;
    },
    get changes(): readonly StateChange[] {
      return changes;
    },
    get types(): readonly string[] {
      return changes.map(({ type }) => type);
    },
    connector: (id: number): Connector | undefined =>
      aggregate.connectors.find(({ connectorId }) => connectorId === id),
    /** Sessions as a store holds them that upserts by id and takes out what is withdrawn. */
    get sessions(): readonly EndedSession[] {
      const byId = new Map<string, EndedSession>();
      for (const change of changes)
        if (change.type === 'SessionEnded' || change.type === 'SessionAmended')
          byId.set(change.session.sessionId, change.session);
        else if (change.type === 'AuthorizationRefused') byId.delete(change.withdrawnSessionId ?? '');
      return [...byId.values()].sort((a, b) => a.startedAt - b.startedAt);
    },
    windowWh: (connector = 1): number =>
      toldWh(changes.filter((change) => 'connectorId' in change && change.connectorId === connector)),
  };
};

/** A session as a line: which, from and to in minutes after noon, Wh, flags. */
export const line = ({ transactionId, startedAt, endedAt, energyWh, flags }: EndedSession) => [
  transactionId,
  (startedAt - noon) / 60_000,
  (endedAt - noon) / 60_000,
  energyWh,
  ...flags,
];

/** OCPP 1.6 payloads; times are minutes after noon. */
export const v16 = {
  start: (minute: number, meterStart: number, idTag = 'TAG', connectorId = 1) => ({
    connectorId,
    idTag,
    meterStart,
    timestamp: iso(minute),
  }),
  values: (minute: number, register: number, transactionId?: number, more: object = {}) => ({
    connectorId: 1,
    ...(transactionId === undefined ? {} : { transactionId }),
    meterValue: [{ timestamp: iso(minute), sampledValue: [{ value: String(register), ...more }] }],
  }),
  stop: (minute: number, meterStop: number, transactionId: number, more: object = {}) => ({
    meterStop,
    timestamp: iso(minute),
    transactionId,
    ...more,
  }),
  status: (minute: number, status: string, connectorId = 1, errorCode = 'NoError') => ({
    connectorId,
    errorCode,
    status,
    timestamp: iso(minute),
  }),
};

/** OCPP 2.0.1 payloads; times are minutes after noon. */
export const v201 = {
  event: (
    eventType: 'Started' | 'Updated' | 'Ended',
    minute: number,
    seqNo: number,
    {
      id = 'T1',
      register,
      info = {},
      ...more
    }: { id?: string; register?: number; info?: object; readonly [more: string]: unknown } = {},
  ) => ({
    eventType,
    timestamp: iso(minute),
    triggerReason: 'MeterValuePeriodic',
    seqNo,
    transactionInfo: { transactionId: id, ...info },
    ...(register === undefined
      ? {}
      : { meterValue: [{ timestamp: iso(minute), sampledValue: [{ value: register }] }] }),
    ...more,
  }),
  status: (minute: number, connectorStatus: string, evseId = 1, connectorId = 1) => ({
    timestamp: iso(minute),
    connectorStatus,
    evseId,
    connectorId,
  }),
};
