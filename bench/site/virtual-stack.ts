import type { Connector } from '../../domain/connector/connector.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { SetpointCommand } from '../../domain/site/decide-site.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import { siteConnectorOf } from '../../domain/site/site-connector-of.ts';
import { phaseSwitchingOf } from '../../domain/site/site-plan.ts';
import { fold } from '../../domain/station/fold.ts';
import { encodeEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import type { InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Clock } from '../../simulator/clock.ts';
import { fakeSceneStore } from '../../test/fakes/aggregate-store.ts';
import { fakeMailboxStore } from '../../test/fakes/mailbox-store.ts';
import { fakeSiteStore } from '../../test/fakes/site-store.ts';
import { fakeStationConnectivity } from '../../test/fakes/station-connectivity.ts';
import { fakeStationRegistry } from '../../test/fakes/station-registry.ts';
import { allocateSite } from '../../use-cases/allocate-site/allocate-site.ts';
import { setpointSender } from '../../use-cases/allocate-site/setpoint-sender.ts';
import { type ReadRecord, siteRecordOf } from '../../use-cases/allocate-site/site-record-of.ts';
import { answerOcpp } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import { noteSeen } from '../../use-cases/answer-ocpp/note-seen.ts';
import { installFallback } from '../../use-cases/install-fallback/install-fallback.ts';
import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { UnsettledReply, WakeUp } from '../../use-cases/ports/commands/wake-queue.ts';
import type { ItemChange } from '../../use-cases/ports/item-change.ts';
import type { SiteRecord, SiteStream } from '../../use-cases/ports/sites/site-record.ts';
import type { SetpointSender, SiteSurvey } from '../../use-cases/ports/sites/site-setpoints.ts';
import { aggregateCache } from '../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../use-cases/project-state/record-of.ts';
import { tellSites } from '../../use-cases/publish-changes/tell-sites.ts';
import { relayCommands } from '../../use-cases/relay-commands/relay-commands.ts';
import { answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
import { settleReply } from '../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../use-cases/send-command/wake-mailbox.ts';
import { tickSites } from '../../use-cases/sweep-sites/tick-sites.ts';
import { trackConnection } from '../../use-cases/track-connection/track-connection.ts';
import { counter } from './counter.ts';
import { delayedFeed } from './delayed-feed.ts';
import { systemOf } from './system-of.ts';
import { toldAggregates } from './told-aggregates.ts';
import { toldConnectivity } from './told-connectivity.ts';
import { toldMailboxes } from './told-mailboxes.ts';
import { virtualGateway, virtualSockets } from './virtual-gateway.ts';

/** Takes the records of a site, as allocate-site does; what shares power in another way stands in its place. */
export type SiteReader = (records: readonly ReadRecord[], siteId: string) => Promise<void>;
export type ReaderOf = (ports: {
  readonly setpoints: SetpointSender;
  readonly survey: SiteSurvey;
  readonly configuration: (siteId: string) => SiteConfiguration | undefined;
}) => SiteReader;

export type VirtualStackOptions = {
  readonly stations: readonly Registration[];
  readonly sites: readonly SiteConfiguration[];
  /** Instead of allocate-site. */
  readonly reader?: ReaderOf;
  /** Told of each setpoint that goes to a mailbox. */
  readonly asked?: (command: SetpointCommand, at: number) => void;
};

/** The gateway, the streams and the functions behind them in one process, in the time of the simulation. */
export type VirtualStack = InMemoryCsms & {
  /** A building's reading, as AWS IoT puts it onto the stream. */
  readonly signal: (siteId: string, name: string, said: object) => void;
  /** All functions stop and all lines are gone, or everything works again. What stands in streams waits. */
  readonly setRunning: (isRunning: boolean) => void;
  /** Frames sent to stations, by action. */
  readonly sent: ReadonlyMap<string, number>;
  readonly warnings: ReadonlyMap<string, number>;
  readonly sites: ReturnType<typeof fakeSiteStore>;
};

/** From a write to its reader: Kinesis is polled once a second per shard, change streams of tables several times. */
const STREAM_MS = 500;
const CHANGES_MS = 250;
const MINUTE_MS = 60_000;
const HEARTBEAT_SEC = 540;
const OUTAGE_RETRY_MS = 1_000;

/**
 * The use cases of the stack over ports in memory: gateway, fold, change feeds, mailboxes, relay, sweep and allocate-site, each
 * behind a stream with its delay. No time passes but the clock's.
 */
export const virtualStack = (exact: Clock, { stations, sites, reader, asked }: VirtualStackOptions): VirtualStack => {
  // Gateways stamp in whole milliseconds.
  const clock: Clock = { ...exact, now: () => Math.floor(exact.now()) };
  const system = systemOf(clock);
  const warnings = counter();
  const sockets = virtualSockets();
  const warn = (kind: string): void => warnings.count(kind);
  let isUp = true;
  let sequence = 0;
  const isRunning = (): boolean => isUp;

  const registry = fakeStationRegistry(...stations);
  const byId = new Map(stations.map((station) => [station.stationId, station]));
  const siteStore = fakeSiteStore(...sites);
  const aggregates = fakeSceneStore(stations);
  const stored = fakeMailboxStore(
    stations.map(({ stationId, connectors }) => [stationId, { admission: 'accepted', ocpp: undefined, connectors }]),
  );
  /** What stations told of their abilities stands in the same item as who is connected. */
  const mailboxes = {
    ...stored,
    loadWithContact: async (stationId: string) => {
      const { contact, ...found } = await stored.loadWithContact(stationId);
      const capabilities = aggregates.states.get(stationId)?.capabilities;
      return { ...found, ...(contact && { contact: { ...contact, ...omitUndefined({ capabilities }) } }) };
    },
  };

  const signals = delayedFeed<string>({
    clock,
    delayMs: STREAM_MS,
    isRunning,
    deliver: async (siteId, texts) => {
      const records = texts.flatMap((text) => siteRecordOf('0', text, String(++sequence)) ?? []);
      await readSite(
        records.map(({ value }) => value),
        siteId,
      );
    },
  });
  const siteStream: SiteStream = {
    put: async (records) => {
      for (const record of records) signals.put(record.siteId, [JSON.stringify(record)]);
    },
  };
  const tell = tellSites({ configurations: siteStore, stream: siteStream });
  const items = delayedFeed<ItemChange>({
    clock,
    delayMs: CHANGES_MS,
    isRunning,
    deliver: (_, changes) => tell(changes),
  });

  const told = toldAggregates(aggregates, byId, (stationId, changes) => items.put(stationId, changes));
  const project = projectState({
    store: told,
    cache: aggregateCache(stations.length),
    fold,
    queue: { settle: (reply) => wakeQueue.settle(reply), schedule: (wakeUps) => wakeQueue.schedule(wakeUps) },
  });
  const ocpp = delayedFeed<string>({
    clock,
    delayMs: STREAM_MS,
    isRunning,
    deliver: async (stationId, texts) => {
      const records = texts.flatMap((text) => recordOf('0', text, String(++sequence), warn) ?? []);
      await project(
        records.map(({ value }) => value),
        stationId,
      );
    },
  });
  const stream = {
    put: async (envelope: Parameters<typeof encodeEnvelope>[0]) =>
      ocpp.put(envelope.stationId, [encodeEnvelope(envelope)]),
  };

  const wakeQueue = {
    schedule: async (wakeUps: readonly WakeUp[]) => {
      for (const wakeUp of wakeUps) clock.after(Math.max(0, wakeUp.dueAt - clock.now()), () => void wake(wakeUp));
    },
    settle: async (reply: UnsettledReply, dueAt = 0) =>
      void clock.after(Math.max(0, dueAt - clock.now()), () => void wake(reply)),
  };
  const relay = relayCommands({ queue: wakeQueue, stream, sites: siteStream });
  const commandChanges = delayedFeed<CommandsChange>({
    clock,
    delayMs: CHANGES_MS,
    isRunning,
    deliver: (_, changes) => relay(changes),
  });
  const commands = {
    mailboxes: toldMailboxes(mailboxes, (stationId, changes) => commandChanges.put(stationId, changes)),
    sender: sockets,
    system,
    warn,
  };
  const mailbox = wakeMailbox(commands);
  const answerWake = answerWakeUp({ mailbox, settle: settleReply(commands), queue: wakeQueue, system, warn });
  const wake = async (message: WakeUp | UnsettledReply): Promise<void> => {
    if (isUp) return answerWake(message);
    clock.after(OUTAGE_RETRY_MS, () => void wake(message));
  };

  const connectorsOf = (siteId: string): readonly Connector[] =>
    [...aggregates.connectors.values()].filter(({ place }) => place.siteId === siteId);
  const survey: SiteSurvey = {
    stations: async (siteId) =>
      (await registry.list(siteId)).map((station) => ({
        ...station,
        ...omitUndefined({ phaseSwitching: phaseSwitchingOf(aggregates.states.get(station.stationId)?.capabilities) }),
      })),
    running: async (siteId) =>
      connectorsOf(siteId)
        .filter(({ session }) => session)
        .map(siteConnectorOf),
    live: async (siteId) => connectorsOf(siteId),
  };
  const mailboxSetpoints = setpointSender(commands);
  const setpoints: SetpointSender = {
    send: (siteId, command) => {
      asked?.(command, clock.now());
      return mailboxSetpoints.send(siteId, command);
    },
  };
  const configurations = new Map(sites.map((site) => [site.siteId, site]));
  const readSite: SiteReader =
    reader?.({ setpoints, survey, configuration: (siteId) => configurations.get(siteId) }) ??
    allocateSite({
      store: siteStore,
      survey,
      setpoints,
      installFallback: installFallback(commands),
      timeline: { put: async () => {} },
      clock: clock.now,
      warn,
    });
  const tick = tickSites({ configurations: siteStore, stream: siteStream });
  const everyMinute = (): void => {
    if (isUp) void tick(clock.now());
    clock.after(MINUTE_MS, everyMinute);
  };
  clock.after(MINUTE_MS, everyMinute);

  const connectivity = toldConnectivity(fakeStationConnectivity(...byId.keys()), mailboxes.contacts);
  const track = trackConnection({
    connectivity,
    registry,
    stream,
    sockets,
    mailbox,
    warn,
  });
  const answer = answerOcpp({
    tagList: { find: async (tag) => ({ tag, status: 'Accepted' }) },
    activeTags: { connectorsOf: async () => [] },
    unknownTags: 'accept',
    sleep: system.sleep,
    stream,
    held: { hold: stream.put },
    noteSeen: noteSeen(connectivity, warn, system.sleep),
    settle: settleReply(commands),
    heartbeatIntervalSec: HEARTBEAT_SEC,
    warn,
  });

  return {
    sent: sockets.sent,
    warnings: warnings.counts,
    sites: siteStore,
    signal: (siteId, name, said) => {
      if (!isUp) return;
      const payload = Buffer.from(JSON.stringify(said)).toString('base64');
      const record: SiteRecord = {
        kind: 'signals',
        siteId,
        name,
        payload,
        clientId: `site:${siteId}`,
        receivedAt: clock.now(),
      };
      signals.put(siteId, [JSON.stringify(record)]);
    },
    setRunning: (running) => {
      isUp = running;
      if (!running) sockets.closeAll();
    },
    connect: virtualGateway({ clock, sockets, track, answer, isRunning }),
  };
};
