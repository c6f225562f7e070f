import { toAttributes } from '../../aws/attributes/attributes.ts';
import { wire as answerOcpp } from '../../lambdas/answer-ocpp/wire.ts';
import { wire as projectState } from '../../lambdas/project-state/wire.ts';
import { wire as publishChanges } from '../../lambdas/publish-changes/wire.ts';
import { wire as recordHistory } from '../../lambdas/record-history/wire.ts';
import { system } from '../../runtime/system.ts';
import type { Heard } from './clients.ts';
import { type Attributes, type TableItems, tableItems } from './table-items.ts';

const environment = {
  ...{ STATIONS_TABLE: 'stations', CONNECTORS_TABLE: 'connectors', WINDOW_STORE: 'dynamodb:windows' },
  ...{ TIMELINE_TABLE: 'timeline', SESSIONS_TABLE: 'sessions', TARIFFS_TABLE: 'tariffs', TAGS_TABLE: 'tags' },
  ...{ COMMANDS_TABLE: 'commands', ALERTS_TABLE: 'alerts', GRID_TABLE: 'grid', SETTINGS_TABLE: 'settings' },
  ...{ SITES_TABLE: 'sites', SIGNAL_STREAM: 'signals', OCPP_STREAM: 'ocpp', PARKED_BUCKET: 'parked' },
  ...{ EVENT_BUS: 'bus', STAGE: 'dev' },
  ...{ SOCKETS_ENDPOINT: 'https://local.invalid', WAKE_QUEUE: 'https://local.invalid/queue', STREAM_EPOCH: '1' },
  ...{ UNKNOWN_TAGS: 'accept', HEARTBEAT_INTERVAL_SEC: '540' },
} as const;

/** What functions are wired on. */
type Platform = Parameters<typeof answerOcpp>[1];

type Work = (event: unknown) => Promise<unknown>;
type Handler = (event: never, context: never) => Promise<unknown>;
const called =
  (handler: unknown): Work =>
  (event) =>
    (handler as Handler)(event as never, { awsRequestId: 'bench' } as never);

/** The image of an item in an event: bytes in base64. */
const image = (item: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      if (value.B instanceof Uint8Array) return [name, { B: Buffer.from(value.B).toString('base64') }];
      return [name, value.M === undefined ? value : { M: image(value.M) }];
    }),
  ) as Attributes;

const stages = ['answer-ocpp', 'project-state', 'record-history', 'publish-changes'] as const;
export type StageName = (typeof stages)[number];

/** The functions of the way of a message, and the events between them, which services would make. */
export const pipeline = (clients: (tables: TableItems, heard: Heard) => Platform['open'], clock: () => number) => {
  const tables = tableItems();
  let put: string[] = [];
  let written = 0;
  let sequence = 0;
  const heard: Heard = (operation, { Data }) => {
    if (operation === 'PutRecord')
      put.push(typeof Data === 'string' ? Data : Buffer.from(Data as Uint8Array).toString('base64'));
  };
  const platform: Platform = {
    system: { ...system, clock },
    open: clients(tables, heard),
  };
  const works: Readonly<Record<StageName, Work>> = {
    'answer-ocpp': called(answerOcpp(environment, platform).websocket),
    'project-state': called(projectState(environment, platform).handler),
    'record-history': called(recordHistory(environment, platform).handler),
    'publish-changes': called(publishChanges(environment, platform).handler),
  };

  const socketEvent = (stationId: string, body: string) => ({
    body,
    requestContext: {
      connectionId: `connection-of-${stationId}`,
      connectedAt: clock(),
      authorizer: { verdict: 'known', stationId, ocpp: '1.6', admission: 'accepted' },
    },
  });
  const frameEvents = () => {
    const Records = put.map((data) => {
      sequence += 1;
      const sequenceNumber = String(sequence).padStart(20, '0');
      const { stationId } = JSON.parse(Buffer.from(data, 'base64').toString());
      return {
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventSourceARN: 'arn:aws:kinesis:local:000000000000:stream/ocpp',
        kinesis: { partitionKey: stationId, sequenceNumber, data },
      };
    });
    put = [];
    return { Records };
  };
  const changeEvents = () => ({
    Records: tables
      .takeChanges()
      .filter(({ table }) => table !== 'windows')
      .map(({ table, keys, before, after }) => {
        sequence += 1;
        return {
          eventSourceARN: `arn:aws:dynamodb:local:000000000000:table/${table}/stream/x`,
          dynamodb: {
            SequenceNumber: String(sequence),
            Keys: keys,
            NewImage: image(after),
            ...(before && { OldImage: image(before) }),
          },
        };
      }),
  });

  return {
    stages,
    register: (item: object) => tables.put('stations', toAttributes(item)),
    /** Items written so far whose changes were handed on. */
    written: () => written,
    /** Sends frames through all functions, and returns their answers; `around` runs each one's part, and may measure it. */
    pass: async (
      frames: readonly { readonly stationId: string; readonly frame: string }[],
      around: (stage: StageName, work: () => Promise<void>) => Promise<void>,
    ): Promise<readonly string[]> => {
      const answers: string[] = [];
      const events = frames.map(({ stationId, frame }) => socketEvent(stationId, frame));
      await around('answer-ocpp', async () => {
        for (const event of events) answers.push(((await works['answer-ocpp'](event)) as { body: string }).body);
      });
      const records = frameEvents();
      tables.takeChanges();
      await around('project-state', async () => void (await works['project-state'](records)));
      const changes = changeEvents();
      written += changes.Records.length;
      await around('record-history', async () => void (await works['record-history'](changes)));
      await around('publish-changes', async () => void (await works['publish-changes'](changes)));
      tables.takeChanges();
      return answers;
    },
  };
};
