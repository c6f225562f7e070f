import { type Command, type CommandRecord, type CommandState, isFinal } from '../../../domain/commands/command.ts';
import { mailbox, READY_AFTER_MS } from '../../../domain/commands/mailbox.ts';
import {
  type Connection,
  dueAt,
  emptyMailbox,
  type MailboxEvent,
  type MailboxState,
  type Outgoing,
} from '../../../domain/commands/mailbox-state.ts';
import { wouldUndo } from '../../../domain/commands/profile-slot.ts';
import { connection } from './given-command.ts';

/**
 * A small world around one mailbox: two gateways that read it, write it under the revision they read and then send; a
 * station that answers late, twice or never; a connection that is lost and comes back; time. Every step any of them can
 * take is one move, so that the moves can be gone through in every order.
 */
export type World = {
  readonly now: number;
  readonly mailbox: MailboxState;
  /** How every command stands by the records that were committed. */
  readonly states: Readonly<Record<string, CommandState>>;
  readonly requested: readonly string[];
  readonly gateways: readonly Gateway[];
  readonly connection?: Connection;
  readonly connections: number;
  /** What the connection's comings and goings will make a gateway do. */
  readonly pending: readonly MailboxEvent[];
  readonly wire: readonly OnWire[];
  readonly crashes: number;
};

type Gateway =
  | { readonly at: 'rest' }
  /** It has read the mailbox and the connection, and not written yet. */
  | { readonly at: 'read'; readonly event: MailboxEvent; readonly read: MailboxState; readonly seen?: Connection }
  /** It has written, and not sent yet. */
  | { readonly at: 'written'; readonly send: Outgoing; readonly deadlineAt: number };

type OnWire = {
  readonly messageId: string;
  readonly command: Command;
  readonly connectionId: string;
  readonly deadlineAt: number;
  readonly answers: number;
};

export type Bounds = {
  readonly commands: readonly Command[];
  readonly gateways: 1 | 2;
  /** How often a gateway may die. */
  readonly crashes: number;
  /** How many connections the station opens, one after the other. */
  readonly connections: number;
  /** How often a call may be answered: twice is a duplicate. */
  readonly answers: number;
  /** False leaves the condition of the write out, to show what it is there for. */
  readonly isGuarded?: boolean;
};

/** A write a gateway tries, and whether it is taken. */
export type TriedWrite = {
  readonly readRev: number;
  readonly state: MailboxState;
  readonly records: readonly CommandRecord[];
  readonly isTaken: boolean;
};

export type Move = { readonly name: string; readonly to: World; readonly write?: TriedWrite };

/** A property of the mailbox that does not hold, with the moves that lead there. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** Longer than one time-out, shorter than two. */
const LIFE_MS = 45_000;

const rest: Gateway = { at: 'rest' };

export const start = (): World => ({
  now: 0,
  mailbox: emptyMailbox,
  states: {},
  requested: [],
  gateways: [rest, rest],
  connection: connection(1),
  connections: 1,
  pending: [],
  wire: [],
  crashes: 0,
});

const fail = (what: string): never => {
  throw new InvariantBroken(what);
};

const reads = (world: World, event: MailboxEvent): Gateway => ({
  at: 'read',
  event,
  read: world.mailbox,
  ...(world.connection && { seen: world.connection }),
});

const withGateway = (world: World, index: number, gateway: Gateway): World => ({
  ...world,
  gateways: world.gateways.map((one, place) => (place === index ? gateway : one)),
});

/** The events a gateway at rest can begin to handle. */
const beginnings = (
  world: World,
  { commands, answers }: Bounds,
): readonly (readonly [string, World, MailboxEvent])[] => [
  ...commands
    .filter(({ commandId }) => !world.requested.includes(commandId))
    .map((command): readonly [string, World, MailboxEvent] => [
      `request ${command.commandId}`,
      { ...world, requested: [...world.requested, command.commandId].toSorted() },
      { type: 'requested', command: { ...command, requestedAt: world.now, expiresAt: world.now + LIFE_MS } },
    ]),
  ...world.wire
    .filter((call) => call.answers < answers)
    .map((call): readonly [string, World, MailboxEvent] => [
      `answer ${call.messageId}`,
      { ...world, wire: world.wire.map((one) => (one === call ? { ...one, answers: one.answers + 1 } : one)) },
      { type: 'replied', messageId: call.messageId, answered: { state: 'Accepted' } },
    ]),
  ...world.pending.map((event, index): readonly [string, World, MailboxEvent] => [
    event.type,
    { ...world, pending: world.pending.toSpliced(index, 1) },
    event,
  ]),
  ...((dueAt(world.mailbox) ?? Number.POSITIVE_INFINITY) <= world.now
    ? [['wake', world, { type: 'woken' }] as const]
    : []),
];

/** Commits what a gateway made of its event, if nobody else wrote meanwhile; otherwise it reads again. */
const commit = (
  world: World,
  index: number,
  { event, read, seen }: Extract<Gateway, { at: 'read' }>,
  isGuarded: boolean,
): Omit<Move, 'name'> => {
  const { state, records, send } = mailbox(read, event, { now: world.now, connection: seen });
  const isTaken = !isGuarded || world.mailbox.rev === read.rev;
  const write = state === read ? {} : { write: { readRev: read.rev, state, records, isTaken } };
  if (!isTaken) return { to: withGateway(world, index, reads(world, event)), ...write };
  const states = { ...world.states };
  for (const { command, state: reached } of records) {
    const before = states[command.commandId];
    if (before !== undefined && isFinal(before)) fail(`${command.commandId} went from ${before} to ${reached}`);
    const answered = world.wire.some((call) => call.command.commandId === command.commandId && call.answers > 0);
    if (reached === 'Accepted' && !answered) fail(`${command.commandId} was accepted by nobody`);
    states[command.commandId] = reached;
  }
  const deadlineAt = state.outstanding?.deadlineAt ?? 0;
  const gateway: Gateway = send === undefined ? rest : { at: 'written', send, deadlineAt };
  return { to: withGateway({ ...world, mailbox: state, states }, index, gateway), ...write };
};

const commandOf = (world: World, bounds: Bounds, { messageId }: Outgoing): Command =>
  bounds.commands.find(({ commandId }) => messageId === commandId || messageId.startsWith(`${commandId}.`)) ??
  (world.mailbox.outstanding?.messageId === messageId
    ? world.mailbox.outstanding.command
    : fail(`Nobody asked for ${messageId}`));

/** Puts a call on the wire, after checking that it may go there. */
const deliver = (world: World, index: number, bounds: Bounds, gateway: Extract<Gateway, { at: 'written' }>): World => {
  const { send, deadlineAt } = gateway;
  const { messageId, connectionId } = send;
  if (world.connection?.connectionId !== connectionId)
    return withGateway(world, index, reads(world, { type: 'unsent', messageId }));
  const command = commandOf(world, bounds, send);
  const open = world.wire.find(
    (call) => call.connectionId === connectionId && call.answers === 0 && call.deadlineAt > world.now,
  );
  if (open !== undefined) fail(`${messageId} was sent while ${open.messageId} was outstanding`);
  if (command.kind === 'one-shot' && world.wire.some((call) => call.command.commandId === command.commandId))
    fail(`${command.commandId} was sent twice`);
  for (const { command: earlier } of world.wire)
    if (
      command.kind === 'latest-wins' &&
      earlier.kind === 'latest-wins' &&
      earlier.decision.version > command.decision.version &&
      wouldUndo(command.decision, earlier.decision)
    )
      fail(`${messageId} was sent after the newer ${earlier.commandId}`);
  if (world.wire.some((call) => call.messageId === messageId)) fail(`${messageId} was used twice`);
  return withGateway(
    { ...world, wire: [...world.wire, { messageId, command, connectionId, deadlineAt, answers: 0 }] },
    index,
    rest,
  );
};

const gatewayMoves = (world: World, index: number, bounds: Bounds): readonly Move[] => {
  const gateway = world.gateways[index] ?? rest;
  const crash: Move[] =
    gateway.at !== 'rest' && world.crashes < bounds.crashes
      ? [{ name: `crash ${index}`, to: { ...withGateway(world, index, rest), crashes: world.crashes + 1 } }]
      : [];
  switch (gateway.at) {
    case 'rest':
      return beginnings(world, bounds).map(([name, after, event]) => ({
        name: `${index}: ${name}`,
        to: withGateway(after, index, reads(after, event)),
      }));
    case 'read':
      return [{ name: `${index}: write`, ...commit(world, index, gateway, bounds.isGuarded ?? true) }, ...crash];
    case 'written':
      return [{ name: `${index}: send`, to: deliver(world, index, bounds, gateway) }, ...crash];
  }
};

const worldMoves = (world: World, bounds: Bounds): readonly Move[] => {
  const due = dueAt(world.mailbox);
  const { connection: open, ...offline } = world;
  // A gateway lives for seconds, the time-out of a call is longer: one that hangs over a deadline counts as crashed.
  const atRest = world.gateways.every(({ at }) => at === 'rest') && world.pending.length === 0;
  return [
    ...(atRest && due !== undefined && due > world.now ? [{ name: `time ${due}`, to: { ...world, now: due } }] : []),
    ...(open === undefined
      ? []
      : [
          {
            name: 'lose the connection',
            to: {
              ...offline,
              pending: [...world.pending, { type: 'disconnected' as const, connectionId: open.connectionId }],
            },
          },
        ]),
    ...(world.connections < bounds.connections
      ? [
          {
            name: 'connect',
            to: {
              ...world,
              connection: connection(world.connections + 1, world.now),
              connections: world.connections + 1,
              pending: [...world.pending, { type: 'connected' as const }],
            },
          },
        ]
      : []),
  ];
};

/** Every move from a world. Two gateways at rest are the same: only the first begins. */
export const movesFrom = (world: World, bounds: Bounds): readonly Move[] => {
  const bothRest = world.gateways.every(({ at }) => at === 'rest');
  const indexes = bothRest || bounds.gateways === 1 ? [0] : world.gateways.map((_, index) => index);
  return [...indexes.flatMap((index) => gatewayMoves(world, index, bounds)), ...worldMoves(world, bounds)];
};

/** Lets time alone work until nothing is due any more; what is then not final never ends. */
export const checkThatEverythingEnds = (world: World): void => {
  let state = world.mailbox;
  const states = { ...world.states };
  for (let due = dueAt(state), rounds = 0; due !== undefined; due = dueAt(state), rounds += 1) {
    if (rounds > 50) fail('time alone does not end the commands');
    const step = mailbox(state, { type: 'woken' }, { now: due });
    for (const { command, state: reached } of step.records) states[command.commandId] = reached;
    state = step.state;
  }
  for (const [commandId, reached] of Object.entries(states))
    if (!isFinal(reached)) fail(`${commandId} stays ${reached}`);
};

const deadlines = new Set(['deadlineAt', 'expiresAt', 'wakeAt']);
const openings = new Set(['openedAt', 'connectedAt']);
/**
 * What nothing is decided by: some instants, the text of a command beside its id and decision, and the revision, which
 * counts only by being the one that was read.
 */
const immaterial = new Set(
  ['now', 'rev', 'sentAt', 'until', 'requestedAt', 'asked', 'crashes', 'timeoutMs', 'payload', 'ocpp', 'by'].concat([
    'origin',
    'probe',
    'action',
    'why',
    'kind',
  ]),
);

/**
 * What makes a world differ from another: instants count by their distance from now, and not at all once they are past; the
 * two gateways are interchangeable; what a gateway read is void once somebody else wrote.
 */
const keyOf = (world: World): string => {
  const write = (key: string, value: unknown): unknown => {
    if (immaterial.has(key)) return undefined;
    if (typeof value !== 'number') return value;
    if (openings.has(key)) return Math.max(value - world.now, -READY_AFTER_MS);
    return deadlines.has(key) ? Math.max(value - world.now, 0) : value;
  };
  const gateways = world.gateways
    .map((gateway) =>
      gateway.at === 'read' && gateway.read.rev !== world.mailbox.rev ? { ...gateway, read: 'outdated' } : gateway,
    )
    .map((gateway) => JSON.stringify(gateway, write))
    .toSorted();
  return JSON.stringify({ ...world, gateways, crashed: world.crashes }, write);
};

/** Goes through every order of moves and returns the number of worlds; throws InvariantBroken with the moves that led there. */
export const explore = (bounds: Bounds): number => {
  const seen = new Set<string>();
  const trails: { readonly world: World; readonly trail: readonly string[] }[] = [{ world: start(), trail: [] }];
  for (let found = trails.pop(); found !== undefined; found = trails.pop()) {
    const { world, trail } = found;
    const key = keyOf(world);
    if (seen.has(key)) continue;
    seen.add(key);
    try {
      checkThatEverythingEnds(world);
      for (const { name, to } of movesFrom(world, bounds)) trails.push({ world: to, trail: [...trail, name] });
    } catch (error) {
      throw new InvariantBroken(`${String(error)}\nafter:\n${trail.join('\n')}`, { cause: error });
    }
  }
  return seen.size;
};

/** One way through the world, at each world the move that `choose` picks (a number from 0 up to, not including, its argument). */
export const walk = (bounds: Bounds, steps: number, choose: (count: number) => number): readonly Move[] => {
  const taken: Move[] = [];
  for (let world = start(); taken.length < steps; ) {
    const moves = movesFrom(world, bounds);
    const move = moves[choose(moves.length)];
    if (move === undefined) break;
    taken.push(move);
    world = move.to;
  }
  return taken;
};
