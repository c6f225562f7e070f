import { boundedCache } from '../../async/bounded-cache.ts';
import type { System } from '../../async/system.ts';
import { within } from '../../async/within.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { MqttMessage, MqttOut } from '../ports/mqtt-client.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { Incoming } from './answer-ocpp.ts';

export type MqttPorts = {
  readonly answer: (incoming: Incoming) => Promise<string | undefined>;
  readonly registry: Pick<StationRegistry, 'find'>;
  readonly out: MqttOut;
  readonly sleep: System['sleep'];
  readonly warn: SampledWarning;
};

/** How long a registration is taken from memory: MQTT messages bring no authorizer context, and a read each would cost more. */
const FRESH_MS = 5 * 60_000;
const REMEMBERED = 50_000;
/** After this the registration as it was remembered serves on; a station nobody remembers waits for AWS IoT's next try. */
const REGISTRY_WITHIN_MS = 2_000;

/**
 * Answers frames from topic ocpp/{stationId}/in on ocpp/{stationId}/out. The topic's station must be the client that
 * published there, or the frame is refused: the IoT policy says so too, and this holds where somebody loosened it.
 * The OCPP version is the registration's; MQTT negotiates none.
 */
export const answerMqtt = ({ answer, registry, out, sleep, warn }: MqttPorts) => {
  const known = boundedCache<string, { readonly registration: Registration; readonly until: number }>(REMEMBERED);

  const registrationOf = async (stationId: string, at: number): Promise<Registration | undefined> => {
    const remembered = known.get(stationId);
    if (remembered !== undefined && at < remembered.until) return remembered.registration;
    const registration = await within(registry.find(stationId), REGISTRY_WITHIN_MS, sleep).catch((error: unknown) => {
      if (remembered === undefined) throw error;
      warn('registrationNotRefreshed', { stationId, error: String(error) });
      return remembered.registration;
    });
    if (registration === undefined) known.delete(stationId);
    else known.set(stationId, { registration, until: at + FRESH_MS });
    return registration;
  };

  return async (message: MqttMessage, at: number): Promise<void> => {
    const { frame, stationId, clientId, receivedAt = at } = message;
    if (stationId !== clientId) return warn('foreignTopic', { stationId, clientId });
    const registration = await registrationOf(stationId, at);
    if (registration === undefined) return warn('unknownMqttClient', { clientId });
    const { admission, ocpp = '1.6' } = registration;
    const station = { stationId, ocpp, admission } as const;
    const text = await answer({ ...station, frame, transport: 'mqtt', receivedAt, answeredAt: at, seenAt: 0 });
    if (text !== undefined) await out.publish(stationId, text);
  };
};
