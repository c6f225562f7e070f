import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import {
  authorizerParameter,
  type IotSession,
  iotSessions,
  largestPayloadBytes,
} from '../../local/iot/iot-sessions.ts';
import { iotAuthorizer, iotTopicRule } from '../../local/iot/topic-rule.ts';
import { topicRules } from '../../local/iot/topic-rules.ts';
import type { LocalSystem } from '../../local/local-system.ts';
import type { Delivery } from '../../local/stack/local-service.ts';
import type { ConnectedStation, InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Random } from '../../simulator/random.ts';
import type { Frame, Interferences } from '../faults/interference.ts';
import type { MqttMessage } from '../services/sim-iot-data.ts';
import { happens, ordinaryConduct, type SimServiceContext } from '../services/sim-service-context.ts';
import type { Trace } from '../trace.ts';
import type { Deployed } from './deployed.ts';
import { frameDelivery } from './frame-delivery.ts';
import type { LineChange } from './simulated-gateway.ts';

export type BrokerPorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Hands what a rule selected to a target, by ARN. */
  readonly deliver: (targetArn: string, delivery: Delivery) => Promise<void>;
  readonly system: LocalSystem;
  readonly interferences: Interferences;
  readonly trace: Trace;
  readonly context: Pick<SimServiceContext, 'conduct'>;
  readonly chance: Random;
  /** Told of every text that arrived: at the broker (up), or at the charger (down). */
  readonly heard: (frame: Frame) => void;
  /** Told of every text that is published for a charger, whether it is there or not. */
  readonly posted: (frame: Frame) => void;
  /** Told of every session as it begins and as it ends. */
  readonly lined: (change: LineChange) => void;
};

export type SimulatedBroker = {
  /** The chargers' end: what their transport connects to. */
  readonly csms: InMemoryCsms;
  /** Takes what is published over the data plane. */
  readonly publish: (message: MqttMessage) => void;
  readonly hasSession: (sessionId: string) => boolean;
  /** Cuts the connections of all stations, or of one: both ends notice. */
  readonly cut: (stationId?: string) => void;
};

type Line = {
  readonly station: ConnectedStation;
  readonly session: IotSession;
  /** The charger listens on its topic. */
  isSubscribed: boolean;
  /** The charger's end still believes in it, or does not. */
  isOpen: boolean;
  lastActiveAt: number;
  /** Stops what watches over the session. */
  cancel: () => void;
};

/** What a persistent session keeps of a charger: QoS 1 only. */
type Kept = {
  /** For the charger, while it is away. */
  readonly down: string[];
  /** From the charger, the last of them: whether the broker has it is not known to the charger when the line is lost. */
  up: { readonly text: string; readonly at: number } | undefined;
};

/** Usual among clients. A session of which nothing is heard for one and a half of it is ended. */
const KEEP_ALIVE_MS = MINUTE_MS;
/** Of lines that are lost without a word, where nothing is told about it: the broker learns of these by their silence. */
const SILENT_SHARE = 0.3;
/** Of chargers: these ask for a persistent session, the others for a clean one. */
const PERSISTENT_SHARE = 0.5;
/** From CONNACK to SUBACK, and from a rule to the function it calls, ms. */
const SUBSCRIBED_WITHIN_MS = 200;
const CALLED_WITHIN_MS = 100;
/** What a charger publishes so short before its line is lost may not have been acknowledged. */
const UNACKNOWLEDGED_MS = 2 * SECOND_MS;
const TOLD_WITHIN_MS = SECOND_MS;

const stationOf = (topic: string): string | undefined => /^ocpp\/([^/]+)\/out$/.exec(topic)?.[1];

/**
 * AWS IoT of the template for chargers in the same process: the authorizer lets them in, rules hand over what they publish,
 * presence events tell who comes and goes. What it promises no more than that comes true now and then: a message of QoS 1
 * twice, presence out of order, nothing for who is not there.
 */
export const simulatedBroker = (
  { deployment, account }: Pick<Deployed, 'deployment' | 'account'>,
  { invoke, deliver, system, interferences, trace, context, chance, heard, posted, lined }: BrokerPorts,
): SimulatedBroker => {
  const authorizers = deployment.all(iotAuthorizer);
  const authorizerName = authorizers[0]?.properties.AuthorizerName ?? '';
  const sessions = iotSessions(authorizers, { invoke, account, system });
  const conduct = context.conduct ?? (() => ordinaryConduct);
  const lines = new Map<string, Line>();
  const kept = new Map<string, Kept>();
  const onLine = frameDelivery({ system, interferences, trace });
  let unheard = 0;

  const runRules = topicRules(deployment.all(iotTopicRule), {
    account,
    // What a rule could not hand over lies in the bucket, where it is judged.
    report: (problem) => trace.note(`rule ${problem}`),
    deliver: async (arn, delivery) => {
      const isErrorAction = delivery.objectKey !== undefined;
      if (!isErrorAction) interferences.rule();
      await system.sleep(Math.ceil(chance.between(0, CALLED_WITHIN_MS)));
      await deliver(arn, delivery);
      // At least once: a rule may hand over a message again.
      if (!isErrorAction && happens(conduct().duplicates, chance.next)) await deliver(arn, delivery);
    },
  });

  const fromCharger = (stationId: string, text: string): void =>
    runRules({
      topic: `ocpp/${stationId}/in`,
      payload: Buffer.from(text),
      clientId: stationId,
      at: system.clock(),
      newUuid: system.uuid,
    });

  const tellPresence = (session: IotSession, eventType: 'connected' | 'disconnected', more: object): void => {
    const { delayMs, stampErrMs, isRepeated } = interferences.presence(session.clientId);
    const event = sessions.presence(session, eventType, { ...more, timestamp: system.clock() + stampErrMs });
    const tellWithin = (longestMs: number) => system.after(chance.between(1, longestMs), () => runRules(event));
    tellWithin(TOLD_WITHIN_MS + delayMs);
    if (isRepeated || happens(conduct().duplicates, chance.next)) tellWithin(TOLD_WITHIN_MS + delayMs);
  };

  const end = (line: Line, disconnectReason: string): void => {
    const { station, session } = line;
    if (lines.get(station.stationId) !== line) return;
    lines.delete(station.stationId);
    line.cancel();
    lined({ stationId: station.stationId, line: session.sessionId, isOpen: false });
    trace.note(`close ${station.stationId} ${session.sessionId} ${disconnectReason}`);
    sessions.ended(session);
    const clientInitiatedDisconnect = disconnectReason === 'CLIENT_INITIATED_DISCONNECT';
    tellPresence(session, 'disconnected', { clientInitiatedDisconnect, disconnectReason });
  };
  const close = (line: Line, disconnectReason: string): void => {
    end(line, disconnectReason);
    line.station.close();
  };

  const say = (line: Line, frame: Frame, again: () => void): void =>
    onLine(frame, () => {
      if (!line.isOpen || !line.isSubscribed) return again();
      trace.note(`down ${frame.stationId} ${frame.text}`);
      heard(frame);
      line.station.send(frame.text);
    });

  const publish: SimulatedBroker['publish'] = ({ topic, qos, payload }) => {
    const bytes = Buffer.from(payload);
    runRules({ topic, payload: bytes, clientId: undefined, at: system.clock(), newUuid: system.uuid });
    const stationId = stationOf(topic);
    if (stationId === undefined) return;
    const text = bytes.toString();
    const line = lines.get(stationId);
    if (line === undefined) unheard += 1;
    const frame = {
      stationId,
      line: line?.session.sessionId ?? `nobody ${unheard}`,
      way: 'down',
      text,
    } as const;
    posted(frame);
    const keep = (): void => {
      const waiting = qos === 1 ? kept.get(stationId) : undefined;
      waiting?.down.push(text);
      trace.note(`${waiting === undefined ? 'unheard' : 'kept for'} ${stationId} ${text}`);
    };
    if (line === undefined) keep();
    else say(line, frame, keep);
  };

  /** A persistent session goes on where it was: what was not acknowledged is sent again, on both ways. */
  const resume = (line: Line, { down, up }: Kept): void => {
    const { stationId } = line.station;
    if (up !== undefined && chance.chance(0.5)) {
      trace.note(`again ${stationId} ${up.text}`);
      fromCharger(stationId, up.text);
    }
    for (const text of down.splice(0))
      say(line, { stationId, line: line.session.sessionId, way: 'down', text }, () => void down.push(text));
  };

  const watch = (line: Line): (() => void) => {
    const { longestMs } = line.session;
    return longestMs === undefined
      ? () => {}
      : system.after(longestMs, () => close(line, 'SERVER_INITIATED_DISCONNECT'));
  };

  const connect: InMemoryCsms['connect'] = async (station) => {
    const { stationId, password } = station;
    if (interferences.refusesHandshake(stationId)) throw new Error('The network refuses the handshake');
    const session = await sessions.open({
      id: stationId,
      username: `${stationId}?${authorizerParameter}=${authorizerName}`,
      password: Buffer.from(password),
    });
    if (session === undefined) {
      runRules(sessions.presenceOfRefused(stationId));
      throw new Error('Not authorized');
    }
    const older = lines.get(stationId);
    if (older !== undefined) close(older, 'DUPLICATE_CLIENTID');
    const line: Line = {
      station,
      session,
      isSubscribed: false,
      isOpen: true,
      lastActiveAt: system.clock(),
      cancel: () => {},
    };
    line.cancel = watch(line);
    lines.set(stationId, line);
    lined({ stationId, line: session.sessionId, isOpen: true });
    trace.note(`open ${stationId} ${session.sessionId}`);
    tellPresence(session, 'connected', {});
    await system.sleep(Math.ceil(chance.between(1, SUBSCRIBED_WITHIN_MS)));
    if (lines.get(stationId) !== line) throw new Error('The connection was lost');
    const topics = { in: `topic/ocpp/${stationId}/in`, out: `ocpp/${stationId}/out` };
    line.isSubscribed =
      sessions.allows(session, 'Subscribe', `topicfilter/${topics.out}`) &&
      sessions.allows(session, 'Receive', `topic/${topics.out}`);
    const maySpeak = sessions.allows(session, 'Publish', topics.in);
    const before = kept.get(stationId);
    if (before !== undefined) resume(line, before);
    else if (chance.fork(`session ${stationId}`).chance(PERSISTENT_SHARE))
      kept.set(stationId, { down: [], up: undefined });
    return {
      received: (meant) => {
        const text = interferences.says({ stationId, line: session.sessionId, way: 'up', text: meant });
        const frame = { stationId, line: session.sessionId, way: 'up', text } as const;
        onLine(frame, () => {
          if (lines.get(stationId) !== line) return;
          line.lastActiveAt = system.clock();
          trace.note(`up ${stationId} ${text}`);
          heard(frame);
          if (!maySpeak) return close(line, 'AUTH_ERROR');
          if (Buffer.byteLength(text) > largestPayloadBytes) return close(line, 'CLIENT_ERROR');
          fromCharger(stationId, text);
          const persistent = kept.get(stationId);
          if (persistent !== undefined) persistent.up = { text, at: system.clock() };
        });
      },
      closed: () => {
        line.isOpen = false;
        const persistent = kept.get(stationId);
        if (persistent?.up !== undefined && persistent.up.at < system.clock() - UNACKNOWLEDGED_MS)
          persistent.up = undefined;
        if (lines.get(stationId) !== line) return;
        if (!interferences.keepsHalfOpen(stationId) && !chance.chance(SILENT_SHARE))
          return end(line, 'CLIENT_INITIATED_DISCONNECT');
        trace.note(`half open ${stationId} ${session.sessionId}`);
        const pings = Math.floor((system.clock() - line.lastActiveAt) / KEEP_ALIVE_MS);
        const silentAt = line.lastActiveAt + (pings + 1.5) * KEEP_ALIVE_MS;
        line.cancel();
        line.cancel = system.after(silentAt - system.clock(), () => end(line, 'MQTT_KEEP_ALIVE_TIMEOUT'));
      },
    };
  };

  return {
    csms: { connect },
    publish,
    hasSession: (sessionId) => [...lines.values()].some(({ session }) => session.sessionId === sessionId),
    cut: (stationId) => {
      for (const line of [...lines.values()])
        if (stationId === undefined || line.station.stationId === stationId) close(line, 'CONNECTION_LOST');
    },
  };
};
