import { boundedCache } from '../../async/bounded-cache.ts';
import type { System } from '../../async/system.ts';
import { within } from '../../async/within.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import type { MqttMessage, MqttOut } from '../ports/mqtt-client.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { StationConnectivity } from '../ports/station-connectivity.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { Incoming } from './answer-ocpp.ts';

export type MqttPorts = {
  readonly answer: (incoming: Incoming) => Promise<string | undefined>;
  readonly registry: Pick<StationRegistry, 'find'>;
  readonly connectivity: Pick<StationConnectivity, 'spoke'>;
  readonly stream: OcppStream;
  readonly out: MqttOut;
  readonly sleep: System['sleep'];
  readonly warn: SampledWarning;
};

/** How long a registration is taken from memory: MQTT messages bring no authorizer context, and a read each would cost more. */
const FRESH_MS = 5 * 60_000;
const REMEMBERED = 50_000;
/** After this the registration as it was remembered serves on; a station nobody remembers waits for AWS IoT's next try. */
const REGISTRY_WITHIN_MS = 2_000;
/** A healthy look takes a hundredth of it. */
const SESSION_WITHIN_MS = 1_000;

/**
 * Answers frames from topic ocpp/{stationId}/in on ocpp/{stationId}/out. The topic's station must be the client that
 * published there, or the frame is refused: the IoT policy says so too, and this holds where somebody loosened it.
 * The OCPP version is the registration's; MQTT negotiates none.
 */
export const answerMqtt = ({ answer, registry, connectivity, stream, out, sleep, warn }: MqttPorts) => {
  const known = boundedCache<string, { readonly registration: Registration; readonly until: number }>(REMEMBERED);

  const isRemembered = (stationId: string, at: number): boolean => at < (known.get(stationId)?.until ?? 0);
  const registrationOf = async (stationId: string, at: number): Promise<Registration | undefined> => {
    const remembered = known.get(stationId);
    if (remembered !== undefined && isRemembered(stationId, at)) return remembered.registration;
    const registration = await within(registry.find(stationId), REGISTRY_WITHIN_MS, sleep).catch((error: unknown) => {
      if (remembered === undefined) throw error;
      warn('registrationNotRefreshed', { stationId, error: String(error) });
      return remembered.registration;
    });
    if (registration === undefined) known.delete(stationId);
    else known.set(stationId, { registration, until: at + FRESH_MS });
    return registration;
  };

  /**
   * Sees to it that a station which speaks counts as connected, though nobody could be told that its session began: AWS IoT tells
   * it once, and a session lasts for up to a day in which no command would reach the station.
   */
  const noteSession = async (stationId: string, ocpp: OcppVersion, at: number): Promise<void> => {
    const connectionId = `untold-${at}`;
    if ((await connectivity.spoke({ stationId, connectionId, ocpp, at })) === undefined) return;
    const opened = { kind: 'connection', state: 'opened', stationId, connectionId, ocpp, transport: 'mqtt' } as const;
    await stream.put({ ...opened, receivedAt: at, mailboxUntold: true });
  };
  /** The station has its answer: this must not make AWS IoT repeat the message. */
  const noteSessionInTime = (stationId: string, ocpp: OcppVersion, at: number): Promise<void> =>
    within(noteSession(stationId, ocpp, at), SESSION_WITHIN_MS, sleep).catch((error: unknown) =>
      warn('sessionNotNoted', { stationId, error: String(error) }),
    );

  return async (message: MqttMessage, at: number): Promise<void> => {
    const { frame, stationId, clientId, receivedAt = at } = message;
    if (stationId !== clientId) return warn('foreignTopic', { stationId, clientId });
    const isKnown = isRemembered(stationId, at);
    const registration = await registrationOf(stationId, at);
    if (registration === undefined) return warn('unknownMqttClient', { clientId });
    const { admission, ocpp = '1.6' } = registration;
    const station = { stationId, ocpp, admission } as const;
    const text = await answer({ ...station, frame, transport: 'mqtt', receivedAt, answeredAt: at, seenAt: 0 });
    if (text !== undefined) await out.publish(stationId, text);
    if (!isKnown) await noteSessionInTime(stationId, ocpp, receivedAt);
  };
};
