import {
  InvalidRequestException,
  IoTDataPlaneClient,
  IoTDataPlaneServiceException,
  PublishCommand,
} from '@aws-sdk/client-iot-data-plane';
import { handles, payloadBytes, simClient } from './sim-client.ts';
import { happens, metadata, ordinaryConduct, type SimServiceContext } from './sim-service-context.ts';

const MOST_TOPIC_BYTES = 256;
/** Slashes in a topic, and one more. */
const MOST_LEVELS = 8;
const MOST_PAYLOAD_BYTES = 128 * 1024;

export type MqttMessage = { readonly topic: string; readonly qos: 0 | 1; readonly payload: Uint8Array };

/** AWS IoT's data plane. */
export type SimIotData = { readonly client: IoTDataPlaneClient; readonly send: IoTDataPlaneClient['send'] };

/**
 * Hands what is published to the broker. The publisher is told of no listener: with QoS 0 a message may be lost on the way
 * (whoever delivers decides), with QoS 1 it may arrive twice.
 */
export const simIotData = (deliver: (message: MqttMessage) => void, context: SimServiceContext): SimIotData => {
  const { random } = context;
  const conduct = context.conduct ?? (() => ordinaryConduct);
  const client = simClient(IoTDataPlaneClient, 'iot-data', context, [
    handles(PublishCommand, ({ topic = '', qos = 0, payload }) => {
      const invalid = (message: string) => new InvalidRequestException({ message, $metadata: metadata(400) });
      if (topic === '' || /[#+\0]/.test(topic) || Buffer.byteLength(topic) > MOST_TOPIC_BYTES)
        throw invalid(`Invalid topic: ${topic}`);
      if (topic.split('/').length > MOST_LEVELS)
        throw invalid(`Topic ${topic} has more than ${MOST_LEVELS - 1} slashes`);
      if (qos !== 0 && qos !== 1) throw invalid(`Invalid qos: ${qos}`);
      const bytes = payloadBytes(payload);
      if (bytes.length > MOST_PAYLOAD_BYTES)
        throw new IoTDataPlaneServiceException({
          name: 'RequestEntityTooLargeException',
          message: 'The payload exceeds 128 KB',
          $fault: 'client',
          $metadata: metadata(413),
        });
      const message: MqttMessage = { topic, qos, payload: bytes };
      deliver(message);
      if (qos === 1 && happens(conduct().duplicates, random)) deliver(message);
      return {};
    }),
  ]);
  return { client, send: client.send };
};
