import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

import type { Context } from 'aws-lambda';
import { describe, expect, inject, it } from 'vitest';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { DocumentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import type { OpenClient } from '../../aws/open-client.ts';
import { type CommandRecord, isFinal } from '../../domain/commands/command.ts';
import { dueAt } from '../../domain/commands/mailbox-state.ts';
import { wire as answerOcpp } from '../../lambdas/answer-ocpp/wire.ts';
import { wire as relayCommands } from '../../lambdas/relay-commands/wire.ts';
import { wire as trackConnection } from '../../lambdas/track-connection/wire.ts';
import { wire as wakeMailboxes } from '../../lambdas/wake-mailboxes/wire.ts';
import { tableStreamReader } from '../../local/dynamodb/table-stream-reader.ts';
import { awsJsonCall } from '../../local/http/aws-json-call.ts';
import { handles, payloadBytes, simClient } from '../../sim/services/sim-client.ts';
import { type Random, random } from '../../simulator/random.ts';
import { CommandRefused } from '../../use-cases/send-command/command-refused.ts';
import { type Caller, requestCommand } from '../../use-cases/send-command/request-command.ts';
import { registration } from '../fakes/registration.ts';
import { createTable, localClient, localDocuments } from '../support/dynamodb-local.ts';

const endpoint = inject('dynamodbEndpoint');
const account = { region: 'local', accountId: '000000000000', stackName: 'test' };
const loop: Caller = { by: 'loop', role: 'administrator', origin: 'internal' };
const stationId = 'S1';
const TIMEOUT_MS = 30_000;
/** Time passes faster for the functions than for those who wait for them. */
const SPEED = 10;
const COMMANDS = 20;

/** A call that reached the station, and when the station began to answer it. */
type Arrived = {
  readonly messageId: string;
  readonly action: string;
  readonly limit: number | undefined;
  readonly connectionId: string;
  readonly at: number;
  answeredAt: number | undefined;
};

const questions = ['GetLocalListVersion', 'UnlockConnector', 'SetChargingProfile'] as const;

const payloadOf = (action: (typeof questions)[number], limit: number): object => {
  if (action === 'GetLocalListVersion') return {};
  if (action === 'UnlockConnector') return { connectorId: 1 };
  const chargingSchedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
  const fixed = { chargingProfileId: 1, stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile' };
  return { connectorId: 1, csChargingProfiles: { ...fixed, chargingProfileKind: 'Relative', chargingSchedule } };
};

const answerTo = (action: string): object =>
  action === 'GetLocalListVersion'
    ? { listVersion: 1 }
    : { status: action === 'UnlockConnector' ? 'Unlocked' : 'Accepted' };

/** Two of each function that steps a mailbox, on DynamoDB Local, with every request of theirs held up for a while by chance. */
const twoOfEach = async (chance: Random) => {
  const raw = localClient(endpoint);
  const documents = localDocuments(endpoint);
  const tables = { commands: await createTable(raw, 'commands'), stations: await createTable(raw, 'stations') };
  const startedAt = performance.now();
  const clock = () => 1_900_000_000_000 + Math.round((performance.now() - startedAt) * SPEED);
  const heldUp = () => sleep(chance.integer(0, 8));
  const system = { clock, sleep: (ms: number) => sleep(ms / SPEED), random: chance.next };
  const warn = () => {};

  const arrived: Arrived[] = [];
  const told: { readonly kind: string; readonly command?: { readonly commandId: string; readonly state: string } }[] =
    [];
  const queued: { readonly body: string; readonly visibleAt: number }[] = [];
  const working = new Set<Promise<unknown>>();
  /** Lets something run beside everything else. */
  const beside = (work: () => Promise<unknown>): void => {
    const running = work().finally(() => working.delete(running));
    working.add(running);
  };

  let connections = 0;
  let current: string | undefined;
  const connectedAtOf = (connectionId: string) => 1_899_999_900_000 + 10 * Number(connectionId.slice(1));

  const fault = heldUp;
  const open: OpenClient = (Service, _policy, settings) => {
    const made = (() => {
      switch (Service as unknown) {
        case DocumentClient: {
          const client = localDocuments(endpoint);
          const slowly = (next: (args: never) => Promise<never>) => async (args: never) => {
            await heldUp();
            const result = await next(args);
            await heldUp();
            return result;
          };
          client.middlewareStack.add(slowly as never, { step: 'initialize', name: 'slowly' });
          return client;
        }
        case KinesisClient:
          return simClient(KinesisClient, 'kinesis', { fault }, [
            handles(PutRecordCommand, ({ Data }) => {
              told.push(JSON.parse(new TextDecoder().decode(payloadBytes(Data))));
              return { ShardId: '0', SequenceNumber: String(told.length) };
            }),
          ]);
        case SQSClient:
          return simClient(SQSClient, 'sqs', { fault }, [
            handles(SendMessageBatchCommand, ({ Entries = [] }) => {
              for (const { MessageBody = '', DelaySeconds = 0 } of Entries)
                queued.push({ body: MessageBody, visibleAt: clock() + 1_000 * DelaySeconds });
              return { Successful: [], Failed: [] };
            }),
          ]);
        case ApiGatewayManagementApiClient:
          return simClient(ApiGatewayManagementApiClient, 'execute-api', { fault }, [
            handles(PostToConnectionCommand, ({ ConnectionId = '', Data }) => {
              if (ConnectionId !== current) throw new GoneException({ message: 'Gone', $metadata: {} });
              reach(ConnectionId, new TextDecoder().decode(payloadBytes(Data)));
              return {};
            }),
            handles(DeleteConnectionCommand, () => ({})),
          ]);
        // Nothing is sent over MQTT, parked or published here.
        case IoTDataPlaneClient:
          return simClient(IoTDataPlaneClient, 'iotdata', { fault }, []);
        case S3Client:
          return simClient(S3Client, 's3', { fault }, []);
        case EventBridgeClient:
          return simClient(EventBridgeClient, 'events', { fault }, []);
        default:
          throw new Error(`Nobody plays ${Service.name} ${JSON.stringify(settings)}`);
      }
    })();
    return made as never;
  };

  const platform = { system, open };
  const environment = {
    ...{ STATIONS_TABLE: tables.stations, COMMANDS_TABLE: tables.commands, CONNECTORS_TABLE: 'none' },
    ...{ TAGS_TABLE: 'none', SOCKETS_ENDPOINT: 'https://sockets.example/dev', OCPP_STREAM: 'ocpp' },
    ...{
      SIGNAL_STREAM: 'signals',
      WAKE_QUEUE: 'https://sqs.example/0/wake',
      PARKED_BUCKET: 'parked',
      STAGE: 'dev',
      EVENT_BUS: 'bus',
    },
  };
  const twice = <Made>(wire: (environment: Record<string, string>, on: typeof platform) => Made) =>
    [wire(environment, platform), wire(environment, platform)] as const;
  const gateways = twice(answerOcpp);
  const trackers = twice(trackConnection);
  const relays = twice(relayCommands);
  const wakers = twice(wakeMailboxes);
  const invoke = (handler: unknown, event: object): Promise<{ readonly body?: string } | undefined> =>
    (handler as (event: object, context: Partial<Context>) => Promise<{ readonly body?: string }>)(event, {});

  const socketEvent = (connectionId: string, body?: string) => ({
    requestContext: {
      connectionId,
      connectedAt: connectedAtOf(connectionId),
      authorizer: { stationId, verdict: 'known', ocpp: '1.6', admission: 'accepted' },
    },
    ...(body !== undefined && { body }),
  });

  /** The station says something: any gateway gets it, and the answer of the route reaches the socket if it is still there. */
  const say = async (connectionId: string, frame: string): Promise<void> => {
    const response = await invoke(chance.pick(gateways).websocket, socketEvent(connectionId, frame));
    if (response?.body !== undefined && connectionId === current) reach(connectionId, response.body);
  };

  const reach = (connectionId: string, frame: string): void => {
    const [, messageId, action, payload] = JSON.parse(frame);
    const limit = payload.csChargingProfiles?.chargingSchedule.chargingSchedulePeriod[0].limit;
    const call: Arrived = { messageId, action, limit, connectionId, at: clock(), answeredAt: undefined };
    arrived.push(call);
    const roll = chance.integer(1, 100);
    if (roll > 6 && roll <= 14) beside(reconnect);
    // Either way nobody answers it.
    if (roll <= 14) return;
    const answer = JSON.stringify([3, messageId, answerTo(action)]);
    beside(async () => {
      await heldUp();
      call.answeredAt = clock();
      const times = chance.chance(0.25) ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => say(connectionId, answer)));
    });
  };

  /** A new socket, and the end of the one before, told by any two functions in any order. */
  const reconnect = async (): Promise<void> => {
    const last = current;
    connections += 1;
    const next = `c${connections}`;
    current = undefined;
    const leave = () => (last === undefined ? undefined : invoke(chance.pick(trackers).disconnect, socketEvent(last)));
    const left = chance.chance(0.5) ? leave() : undefined;
    await invoke(chance.pick(trackers).connect, socketEvent(next));
    if (next === `c${connections}`) current = next;
    await (left ?? leave());
  };

  const caller = awsJsonCall(Number(new URL(endpoint).port), 'dynamodb', 'local');
  const reader = await tableStreamReader(
    caller.call,
    `arn:aws:dynamodb:local:000000000000:table/${tables.commands}/stream/x`,
    account,
  );
  const [shard] = await reader.shards();
  let iterator = shard && (await reader.iterator(shard.shardId, undefined));

  /** What the change stream tells next goes to any of the relays, often to both at once. */
  const relay = async (): Promise<number> => {
    if (shard === undefined || iterator === undefined) return 0;
    const page = await reader.read(iterator, shard.shardId, 1_000);
    iterator = page.next;
    const Records = page.records.map(({ event }) => event);
    if (Records.length === 0) return 0;
    const both = chance.chance(0.5) ? relays : [chance.pick(relays)];
    await Promise.all(both.map(({ handler }) => invoke(handler, { Records })));
    return Records.length;
  };
  const wake = async (): Promise<void> => {
    const due = queued.filter(({ visibleAt }) => visibleAt <= clock());
    for (const message of due) queued.splice(queued.indexOf(message), 1);
    const Records = due.map(({ body }, index) => ({ messageId: String(index), body }));
    if (Records.length === 0) return;
    const both = chance.chance(0.3) ? wakers : [chance.pick(wakers)];
    await Promise.all(both.map(({ handler }) => invoke(handler, { Records })));
  };

  const ownDb = localDocuments(endpoint);
  const mailboxes = mailboxStore(tables, system, ownDb);
  await stationRegistry(tables.stations, system, documents).put(registration({ stationId, ocpp: '1.6' }));
  const request = requestCommand({ mailboxes, sender: connectionSender('https://x', open), system, warn });

  return {
    arrived,
    told,
    reconnect,
    ask: async (count: number): Promise<void> => {
      const action = chance.pick(questions);
      const asked = { stationId, action, payload: JSON.stringify(payloadOf(action, 6 + count)), version: count };
      await request({ ...asked, discriminator: `n${count}` }, loop).catch((error: unknown) => {
        if (!(error instanceof CommandRefused)) throw error;
      });
    },
    beside,
    pump: async () => {
      await Promise.all([relay(), wake()]);
      await sleep(1);
    },
    /** Runs everything to its end: resolves to the records of all commands. */
    end: async (): Promise<readonly CommandRecord[]> => {
      if (current === undefined) await reconnect();
      for (let quiet = 0; quiet < 3; ) {
        await Promise.all([...working]);
        const [relayed] = await Promise.all([relay(), wake()]);
        const isQuiet = relayed === 0 && working.size === 0 && dueAt(await mailboxes.load(stationId)) === undefined;
        quiet = isQuiet ? quiet + 1 : 0;
        await sleep(5);
      }
      caller.close();
      return (await mailboxes.list(stationId, { limit: 200 })).items;
    },
  };
};

describe('two of each function on one station’s mailbox, side by side', () => {
  it.each([1, 2])(
    'keep one call outstanding, repeat no one-shot, go back to no older limit, and end every command (%d)',
    async (seed) => {
      const chance = random(`two gateways ${seed}`);
      const world = await twoOfEach(chance);
      await world.reconnect();
      for (let count = 1; count <= COMMANDS; count += 1) {
        world.beside(() => world.ask(count));
        if (chance.chance(0.1)) world.beside(world.reconnect);
        if (chance.chance(0.5)) await world.pump();
      }
      const records = await world.end();
      const sentAt = new Map(records.map(({ messageId, sentAt: at = 0 }) => [messageId, at]));
      const { arrived } = world;
      const beside = arrived.flatMap((call, index) =>
        arrived
          .slice(0, index)
          .filter(
            (earlier) =>
              earlier.connectionId === call.connectionId &&
              (earlier.answeredAt ?? Number.POSITIVE_INFINITY) > call.at &&
              call.at < (sentAt.get(earlier.messageId) ?? 0) + TIMEOUT_MS,
          )
          .map((earlier) => `${call.messageId} while ${earlier.messageId} was outstanding`),
      );
      const limits = arrived.flatMap(({ limit }) => limit ?? []);
      const repeated = (ids: readonly string[]) => ids.filter((id, index) => ids.indexOf(id) !== index);
      const oneShots = arrived.filter(({ action }) => action === 'UnlockConnector');
      const states = new Map(records.map(({ command, state }) => [command.commandId, state]));
      const ends = world.told.flatMap(({ kind, command }) => (kind === 'command' && command ? [command] : []));
      expect({
        beside,
        sentTwice: repeated(arrived.map(({ messageId }) => messageId)),
        oneShotTwice: repeated(oneShots.map(({ messageId }) => messageId.split('.')[0] ?? '')),
        backTo: limits.filter((limit, index) => limit < (limits[index - 1] ?? 0)),
        open: records.filter(({ state }) => !isFinal(state)).map(({ command }) => command.commandId),
        untold: [...states.keys()].filter((id) => !ends.some(({ commandId }) => commandId === id)),
        toldOtherwise: ends.filter(({ commandId, state }) => states.get(commandId) !== state),
      }).toEqual({
        ...{ beside: [], sentTwice: [], oneShotTwice: [], backTo: [], open: [], untold: [], toldOtherwise: [] },
      });
      // The story is one of commands that were carried out, not of refusals only.
      expect(records.filter(({ state }) => state === 'Accepted').length).toBeGreaterThan(0);
    },
    120_000,
  );
});
