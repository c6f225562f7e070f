import type { IoTCustomAuthorizerEvent, IoTCustomAuthorizerResult } from 'aws-lambda';
import type { System } from '../async/system.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { MqttMessage, MqttPresented, Presence } from '../use-cases/ports/mqtt-client.ts';
import { lambda } from './lambda.ts';

const textOf = (value: unknown, name: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`The topic rule sent no ${name}`);
};

/** Anybody who may publish may publish nothing: an unreadable frame like any other, not a failure to be repeated. */
const frameOf = (value: unknown): string =>
  value === '' ? '' : Buffer.from(textOf(value, 'frame'), 'base64').toString('utf8');

/**
 * When AWS IoT received a message, ms since the epoch: one that its Lambda failed at comes again minutes later, and must not
 * pass for newer than what was told meanwhile. Undefined where the rule says nothing or is ahead of this clock.
 */
const receivedAtOf = (value: unknown, now: number): number | undefined =>
  typeof value === 'number' && value > 0 && value <= now ? value : undefined;

/** The Lambda behind the topic rule of incoming frames; `at` is now, ms since the epoch. */
export const onMqttMessage = (answer: (message: MqttMessage, at: number) => Promise<void>, clock: System['clock']) =>
  lambda('mqtt', async (event: Readonly<Record<string, unknown>>): Promise<void> => {
    const frame = frameOf(event.frame);
    const stationId = textOf(event.stationId, 'stationId');
    const clientId = textOf(event.clientId, 'clientId');
    const now = clock();
    await answer(
      { frame, stationId, clientId, ...omitUndefined({ receivedAt: receivedAtOf(event.receivedAt, now) }) },
      now,
    );
  });

/** A message of a topic whose rule encodes it whole; what is no JSON is handed on as the text it is. */
export type MqttPayload = { readonly payload: unknown; readonly clientId: string };

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The Lambda behind a topic rule that hands JSON over. What throws is delivered again. */
export const onMqttPayload = (handle: (message: MqttPayload) => Promise<void>) =>
  lambda('mqtt', async (event: Readonly<Record<string, unknown>>): Promise<void> => {
    const text = Buffer.from(String(event.payload ?? ''), 'base64').toString('utf8');
    await handle({ payload: jsonOf(text), clientId: textOf(event.clientId, 'clientId') });
  });

/** The Lambda behind the topic rule of presence events. */
export const onPresence = (track: (presence: Presence) => Promise<void>) =>
  lambda('presence', async (event: Presence): Promise<void> => track(event));

/**
 * The Lambda behind a custom authorizer of AWS IoT. Clients name the authorizer, and SDKs themselves, behind a question mark
 * in the user name (`CP01?x-amz-customauthorizer-name=...`), which no identity contains.
 */
export const mqttAuthorizer = (authorize: (presented: MqttPresented) => Promise<IoTCustomAuthorizerResult>) =>
  lambda('mqtt-authorizer', (event: IoTCustomAuthorizerEvent): Promise<IoTCustomAuthorizerResult> => {
    const mqtt = event.protocolData.mqtt;
    const password = mqtt?.password === undefined ? undefined : Buffer.from(mqtt.password, 'base64').toString('utf8');
    return authorize({ clientId: mqtt?.clientId, user: mqtt?.username?.replace(/\?.*$/s, ''), password });
  });
