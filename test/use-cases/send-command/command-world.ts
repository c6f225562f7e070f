import { type CommandRecord, isFinal } from '../../../domain/commands/command.ts';
import { dueAt } from '../../../domain/commands/mailbox-state.ts';
import type { Envelope } from '../../../ocpp/frames/envelope.ts';
import { type Random, random } from '../../../simulator/random.ts';
import { answerOcpp } from '../../../use-cases/answer-ocpp/answer-ocpp.ts';
import type { CommandSender } from '../../../use-cases/ports/commands/command-sender.ts';
import type { CommandsChange } from '../../../use-cases/ports/commands/commands-change.ts';
import type {
  MailboxStore,
  StationConnection,
  StationContact,
} from '../../../use-cases/ports/commands/mailbox-store.ts';
import type { UnsettledReply } from '../../../use-cases/ports/commands/wake-queue.ts';
import { relayCommands } from '../../../use-cases/relay-commands/relay-commands.ts';
import { answerWakeUp } from '../../../use-cases/send-command/answer-wake-up.ts';
import { CommandRefused } from '../../../use-cases/send-command/command-refused.ts';
import { type Caller, requestCommand } from '../../../use-cases/send-command/request-command.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import type { MailboxPorts } from '../../../use-cases/send-command/step-mailbox.ts';
import { wakeMailbox } from '../../../use-cases/send-command/wake-mailbox.ts';
import { defaultLimit } from '../../support/default-limit.ts';

/** Mailboxes, and what they are told of a station's connection. */
export type CommandStore = {
  readonly mailboxes: MailboxStore;
  readonly setContact: (stationId: string, contact: StationContact) => Promise<void>;
};

export type WorldOptions = {
  readonly seed: number;
  readonly stationId: string;
  readonly store: CommandStore;
  /** Over MQTT nobody learns that a frame went to nobody, and an answer brings no way to put the next call on. */
  readonly transport: 'websocket' | 'mqtt';
  readonly steps: number;
};

type OnWire = {
  readonly messageId: string;
  readonly commandId: string;
  readonly attempt: number;
  readonly action: string;
  readonly version: number | undefined;
  readonly connectionId: string;
  readonly at: number;
  /** When the mailbox gave it out, from when on its time counts: whoever sends it may take a while. */
  readonly givenOutAt: number;
  answers: number;
};

/** What happened: enough to say whether every promise was kept. */
export type Story = {
  readonly sent: readonly OnWire[];
  /** Ids of commands in the order in which they were taken. */
  readonly taken: readonly string[];
  /** Commands that never ended. */
  readonly open: readonly string[];
  /** What was broken at the moment a frame went out. */
  readonly broken: readonly string[];
  readonly states: ReadonlyMap<string, string>;
  /** The ends of commands as they came onto the stream: id and state. */
  readonly told: readonly (readonly [commandId: string, state: string])[];
  /** The version of the profile the station keeps, and of the newest decision that was taken. */
  readonly profile: { readonly kept: number; readonly newest: number; readonly newestState: string | undefined };
  readonly crashes: number;
};

const loop: Caller = { by: 'model', role: 'administrator', origin: 'internal' };
const SECOND = 1_000;
/** A function of Lambda lives no longer: what it has not done by then it never does. */
const LIFE_MS = 10 * SECOND;
const TIMEOUT_MS = 30 * SECOND;

const kinds = [
  ['SetChargingProfile', 4],
  ['RemoteStartTransaction', 3],
  ['ClearCache', 2],
] as const;

const payloadOf = (action: string, version: number): object => {
  if (action === 'ClearCache') return {};
  if (action === 'RemoteStartTransaction') return { idTag: 'TAG', connectorId: 1 };
  // The limit tells the versions apart on the wire.
  return defaultLimit('A', version);
};

const versionOf = (payload: unknown): number | undefined =>
  Object(payload).csChargingProfiles?.chargingSchedule.chargingSchedulePeriod[0].limit;

/**
 * Functions that run side by side, one step of one of them at a time: each waits for its turn before and after everything it
 * asks of others, and may die there.
 */
const turns = (chance: Random) => {
  let waiting: { readonly go: () => void; readonly since: number }[] = [];
  let running = 0;
  let idle = Promise.withResolvers<void>();
  let crashes = 0;
  const rest = () => {
    running -= 1;
    if (running === 0) idle.resolve();
  };
  const untilIdle = async () => {
    if (running > 0) await idle.promise;
    idle = Promise.withResolvers();
  };
  return {
    crashes: () => crashes,
    waiting: () => waiting.length,
    turn: (now: number): Promise<void> =>
      new Promise((resolve) => {
        waiting.push({
          since: now,
          go: () => {
            running += 1;
            resolve();
          },
        });
        rest();
      }),
    begin: async (work: () => Promise<unknown>): Promise<void> => {
      running += 1;
      work().finally(rest);
      await untilIdle();
    },
    /** Lets one of them take its next step. */
    release: async (): Promise<void> => {
      const [chosen] = waiting.splice(chance.integer(0, waiting.length - 1), 1);
      if (chosen === undefined) return;
      chosen.go();
      await untilIdle();
    },
    /** One of them dies where it stands. */
    crash: (): void => {
      if (waiting.splice(chance.integer(0, waiting.length - 1), 1).length > 0) crashes += 1;
    },
    /** Those that have lived too long die. */
    expire: (now: number): void => {
      const before = waiting.length;
      waiting = waiting.filter(({ since }) => now - since < LIFE_MS);
      crashes += before - waiting.length;
    },
  };
};

/** Lives through a random story of requests, answers, losses, crashes and time, and then lets everything come to its end. */
export const liveThrough = async ({ seed, stationId, store, transport, steps }: WorldOptions): Promise<Story> => {
  const chance = random(`commands ${seed}`);
  const functions = turns(chance);
  const sent: OnWire[] = [];
  const taken: string[] = [];
  const broken: string[] = [];
  const versions = new Map<string, number>();
  const givenOut = new Map<string, number>();
  let now = 1_000_000;
  let connection: StationConnection | undefined;
  let connections = 0;
  let requests = 0;
  let kept = 0;

  const open = async () => {
    connections += 1;
    connection = { connectionId: `c${connections}`, ocpp: '1.6', transport, openedAt: now };
    await store.setContact(stationId, { admission: 'accepted', ocpp: '1.6', connectors: [], connection });
  };

  /** A frame reaches the charger, or is lost on the way: then nobody is told. */
  const arrive = (frame: string, connectionId: string) => {
    const [, messageId, action, payload] = JSON.parse(frame);
    const [commandId = '', attempt = ''] = String(messageId).split('.');
    for (const other of sent)
      if (other.connectionId === connection?.connectionId && other.answers === 0 && now < other.givenOutAt + TIMEOUT_MS)
        broken.push(`${messageId} while ${other.messageId} is outstanding`);
    const version = versionOf(payload);
    const newer = sent.findLast((other) => other.version !== undefined)?.version ?? 0;
    if (version !== undefined && version < newer) broken.push(`version ${version} after ${newer}`);
    const givenOutAt = givenOut.get(commandId) ?? now;
    sent.push({
      ...{ messageId, commandId, attempt: Number(attempt), action, version, connectionId },
      ...{ at: now, givenOutAt, answers: 0 },
    });
  };

  const turn = () => functions.turn(now);
  const later =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await turn();
      const result = await work(...args);
      await turn();
      return result;
    };
  const sender: CommandSender = {
    send: later(async (_stationId: string, { connectionId }: StationConnection, frame: string) => {
      const isOpen = connection?.connectionId === connectionId;
      if (!isOpen && transport === 'websocket') return 'gone';
      if (isOpen && !chance.chance(transport === 'mqtt' ? 0.1 : 0.02)) arrive(frame, connectionId);
      else sent.push({ ...lostCall(frame), connectionId: 'nowhere', at: now });
      return 'sent';
    }),
  };
  const lostCall = (frame: string) => {
    const [, messageId, action, payload] = JSON.parse(frame);
    const [commandId = '', attempt = ''] = String(messageId).split('.');
    const version = versionOf(payload);
    return { messageId, commandId, attempt: Number(attempt), action, version, givenOutAt: now, answers: 0 };
  };
  const { mailboxes } = store;
  const known = new Map<string, CommandRecord>();
  const changes: CommandsChange[] = [];
  /** What the change stream of the table tells of a write that was taken. */
  const changed = (records: readonly CommandRecord[]) => {
    for (const after of new Map(records.map((record) => [record.command.commandId, record])).values()) {
      changes.push({ kind: 'record', stationId, before: known.get(after.command.commandId), after });
      known.set(after.command.commandId, after);
      if (after.state === 'Sent') givenOut.set(after.command.commandId, after.at);
    }
  };
  const ports: MailboxPorts & { readonly mailboxes: MailboxStore } = {
    mailboxes: {
      ...mailboxes,
      load: later(mailboxes.load),
      loadWithContact: later(mailboxes.loadWithContact),
      find: later(mailboxes.find),
      commit: later(async (write) => {
        const written = await mailboxes.commit(write);
        if (written.outcome === 'committed') changed(write.records);
        if (written.outcome !== 'committed' || write.created === undefined) return written;
        taken.push(write.created);
        const made = write.records.findLast(({ command }) => command.commandId === write.created);
        if (made?.command.kind === 'latest-wins' && made.state !== 'Superseded')
          versions.set(made.command.commandId, made.command.decision.version);
        return written;
      }),
    },
    sender,
    warn: () => {},
    system: { clock: () => now, sleep: turn, random: () => 0 },
  };
  const wake = wakeMailbox(ports);
  const envelopes: Envelope[] = [];
  const unsettled: UnsettledReply[] = [];
  /** A store that is out now and then: before it did what it was asked for, or after, which nobody can tell apart. */
  const flaky =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (chance.chance(0.03)) throw new Error('Out before');
      const result = await work(...args);
      if (chance.chance(0.03)) throw new Error('Out after');
      return result;
    };
  /** Takes a record. An answer that is to be settled is queued for it, by whoever reads the stream. */
  const keep = later(async (envelope: Envelope) => {
    if (chance.chance(0.1)) throw new Error('The stream is out');
    envelopes.push(envelope);
    if (envelope.kind !== 'frame' || !envelope.unsettled) return;
    const { ocpp, frame, receivedAt } = envelope;
    unsettled.push({ stationId, ocpp, frame, receivedAt });
  });
  const never = () => new Promise<never>(() => {});
  /** Each remembers the mailboxes it left, as the instances of one function do; an answer comes to any of them. */
  const instance = () =>
    answerOcpp({
      tagList: { find: never },
      activeTags: { connectorsOf: never },
      unknownTags: 'refuse',
      stream: { put: keep },
      held: { hold: never },
      noteSeen: async () => {},
      settle: settleReply({
        ...ports,
        mailboxes: {
          load: flaky(ports.mailboxes.load),
          loadWithContact: flaky(ports.mailboxes.loadWithContact),
          commit: flaky(ports.mailboxes.commit),
        },
      }),
      sleep: never,
      warn: () => {},
      heartbeatIntervalSec: 540,
    });
  const gateways = [instance(), instance()] as const;
  const settleBehind = answerWakeUp({
    ...ports,
    mailbox: wake,
    settle: settleReply(ports),
    queue: { schedule: async () => {}, settle: async (reply) => void unsettled.push(reply) },
  });
  /** One delivery of what is queued: whoever dies over it is given it again. */
  const settleQueued = async () => {
    const [reply] = unsettled;
    if (reply === undefined) return;
    await functions.begin(async () => {
      await settleBehind(reply);
      unsettled.splice(unsettled.indexOf(reply), 1);
    });
  };
  let relayed = 0;
  /** One delivery of the changes that were not relayed yet. */
  const relay = async () => {
    const [from, to] = [relayed, changes.length];
    await functions.begin(async () => {
      const stream = { put: keep };
      const run = relayCommands({ queue: { schedule: async () => {} }, stream, sites: { put: async () => {} } });
      // Refused: given again, from the first change on.
      await run(changes.slice(from, to)).then(
        () => {
          relayed = Math.max(relayed, to);
        },
        () => {},
      );
    });
  };
  const request = requestCommand(ports);

  const ask = () => {
    requests += 1;
    const roll = chance.integer(1, 9);
    const [action] = roll <= kinds[0][1] ? kinds[0] : roll <= 7 ? kinds[1] : kinds[2];
    // Decisions are made in one order and arrive in another.
    const version = action === 'SetChargingProfile' ? 6 + requests + chance.pick([0, 0, -3]) : requests;
    const id = `r${requests}`;
    const payload = JSON.stringify(payloadOf(action, version));
    return functions.begin(async () => {
      await request({ stationId, action, payload, version, discriminator: id, requestedAt: now }, loop).catch(
        (error: unknown) => {
          if (!(error instanceof CommandRefused)) throw error;
        },
      );
    });
  };

  const answerTo = (messageId: string) => {
    const on = connection;
    const socket = transport === 'websocket' && on !== undefined ? { connectionId: on.connectionId } : {};
    return functions.begin(async () => {
      const incoming = {
        ...({ stationId, ocpp: '1.6', admission: 'accepted', transport } as const),
        ...{ frame: JSON.stringify([3, messageId, { status: 'Accepted' }]), receivedAt: now, ...socket },
        seenAt: on?.openedAt ?? 0,
      };
      // Over MQTT what failed is handed over again; here the charger's own repeat stands for it.
      const gateway = chance.pick(gateways);
      const next = await gateway(incoming).catch(() => undefined);
      if (next === undefined) return;
      // The response of the route: it reaches the connection that the answer came by, if that is still there.
      await turn();
      if (on !== undefined && connection?.connectionId === on.connectionId) arrive(next, on.connectionId);
      else sent.push({ ...lostCall(next), connectionId: 'nowhere', at: now });
    });
  };

  /** The charger answers a call it has got: the newest, or an old one again. */
  const answer = () => {
    const calls = sent.filter((call) => call.connectionId === connection?.connectionId);
    const call = chance.chance(0.8) ? calls.findLast(({ answers }) => answers === 0) : calls.at(-1);
    if (call === undefined || call.answers > 2) return;
    call.answers += 1;
    if (call.version !== undefined) kept = call.version;
    return answerTo(call.messageId);
  };
  const lose = async () => {
    const lost = connection;
    if (lost === undefined) return;
    connection = undefined;
    // Nobody has to notice at once, or ever.
    if (chance.chance(0.7)) {
      await store.setContact(stationId, { admission: 'accepted', ocpp: '1.6', connectors: [] });
      await functions.begin(() => wake.disconnected(stationId, lost.connectionId));
    }
  };
  const connect = async () => {
    if (connection !== undefined) return;
    await open();
    const opened = connection;
    if (opened !== undefined) await functions.begin(() => wake.connected(stationId, opened));
  };
  const pass = (ms: number) => {
    now += ms;
    functions.expire(now);
  };
  /** What the change stream sees to: a mailbox that is due is looked at. */
  const wakeDue = async () => {
    const due = dueAt(await mailboxes.load(stationId));
    if (due !== undefined && due <= now) await functions.begin(() => wake.woken(stationId));
  };

  await open();
  for (let step = 0; step < steps; step++) {
    const roll = chance.integer(1, 100);
    if (roll <= 45) await functions.release();
    else if (roll <= 60) await ask();
    else if (roll <= 75) await answer();
    else if (roll <= 79) functions.crash();
    else if (roll <= 82) await lose();
    else if (roll <= 86) await connect();
    else if (roll <= 88) await answerTo(`forged.${chance.integer(1, 9)}`);
    else if (roll <= 96) pass(chance.integer(10, 3_000));
    else pass(chance.integer(5, 40) * SECOND);
    if (chance.chance(0.3)) await wakeDue();
    if (chance.chance(0.1)) await settleQueued();
    if (chance.chance(0.1)) await relay();
  }

  // From here on nothing fails any more: everything must come to its end.
  await connect();
  for (let round = 0; round < 400; round++) {
    while (functions.waiting() > 0) await functions.release();
    const due = dueAt(await mailboxes.load(stationId));
    if (due === undefined) break;
    const unanswered = sent.findLast(
      (call) => call.answers === 0 && call.connectionId === connection?.connectionId && now < call.at + TIMEOUT_MS,
    );
    if (unanswered !== undefined) {
      unanswered.answers += 1;
      if (unanswered.version !== undefined) kept = unanswered.version;
      await answerTo(unanswered.messageId);
      continue;
    }
    pass(Math.max(0, due - now));
    await wakeDue();
  }
  while (functions.waiting() > 0) await functions.release();
  while (relayed < changes.length) {
    await relay();
    while (functions.waiting() > 0) await functions.release();
  }

  const { items } = await mailboxes.list(stationId, { limit: 100 });
  const newest = [...versions.values()].reduce((most, version) => Math.max(most, version), 0);
  const newestId = [...versions].findLast(([, version]) => version === newest)?.[0];
  return {
    sent,
    taken,
    broken,
    open: items.filter(({ state }) => !isFinal(state)).map(({ command }) => command.commandId),
    states: new Map(items.map(({ command, state }) => [command.commandId, state])),
    told: envelopes.flatMap((one) =>
      one.kind === 'command' ? [[one.command.commandId, one.command.state] as const] : [],
    ),
    profile: { kept, newest, newestState: items.find(({ command }) => command.commandId === newestId)?.state },
    crashes: functions.crashes(),
  };
};

/** The promises a story does not keep. */
export const brokenPromises = ({ sent, taken, broken, open, states, told, profile }: Story): readonly string[] => {
  const ids = sent.map(({ messageId }) => messageId);
  const oneShots = sent.filter(({ action }) => action === 'RemoteStartTransaction').map(({ commandId }) => commandId);
  const repeated = (list: readonly string[]) => list.filter((one, index) => list.indexOf(one) !== index);
  // Questions that the mailbox puts by itself go before whatever waits.
  // Order is what the charger sees: of what reaches nobody there is none.
  const arrived = sent.filter(({ connectionId }) => connectionId !== 'nowhere');
  const first = arrived.filter(({ attempt, commandId }) => attempt === 1 && taken.includes(commandId));
  const places = first.map(({ commandId }) => taken.indexOf(commandId));
  const isNewestKept = profile.newestState !== 'Accepted' || profile.kept === profile.newest;
  return [
    ...broken,
    ...repeated(ids).map((id) => `${id} was sent twice`),
    ...repeated(oneShots).map((id) => `one-shot ${id} was sent twice`),
    ...open.map((id) => `${id} never ended (${states.get(id)})`),
    ...places
      .filter((place, index) => place < (places[index - 1] ?? 0))
      .map((place) => `${taken[place]} was overtaken`),
    ...[...states.keys()].filter((id) => !told.some(([other]) => other === id)).map((id) => `nobody was told of ${id}`),
    ...told
      .filter(([id, state]) => states.get(id) !== state)
      .map(([id, state]) => `${id} was told as ${state}, and is ${states.get(id)}`),
    ...(isNewestKept ? [] : [`the charger keeps version ${profile.kept}, not ${profile.newest}`]),
  ];
};
