import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, type CommandState, isFinal } from '../../../domain/commands/command.ts';
import { GONE_FOR_MS, LONGEST_LIFE_MS, MAX_QUEUED, mailbox, READY_AFTER_MS } from '../../../domain/commands/mailbox.ts';
import {
  type Connection,
  dueAt,
  emptyMailbox,
  type MailboxEvent,
  type MailboxState,
  type MailboxStep,
} from '../../../domain/commands/mailbox-state.ts';
import { PER_CALLER_AND_MINUTE, PER_STATION_AND_MINUTE } from '../../../domain/commands/rate-window.ts';
import { clear, connection, idempotent, oneShot, probingProfile, profile } from './given-command.ts';

type Happening = readonly [now: number, event: MailboxEvent, connection?: Connection | undefined];

const requested = (command: Command): MailboxEvent => ({ type: 'requested', command });
const accepted = (messageId: string): MailboxEvent => ({
  type: 'replied',
  messageId,
  answered: { state: 'Accepted', reply: '{"status":"Accepted"}' },
});
const woken: MailboxEvent = { type: 'woken' };
const online = connection(1);
const slot = (evseId: number) => ({ evseId, purpose: 'TxProfile', stackLevel: 1 });

/** All steps of a history, each on the state the one before left. */
const steps = (...history: readonly Happening[]): readonly MailboxStep[] => {
  const made: MailboxStep[] = [];
  for (const [now, event, open] of history)
    made.push(mailbox(made.at(-1)?.state ?? emptyMailbox, event, { now, connection: open }));
  return made;
};

const told = (...history: readonly Happening[]): readonly string[] =>
  steps(...history).flatMap(({ records, send, refused }) => [
    ...records.map(({ command, state, reason }) => [command.commandId, state, reason].filter(Boolean).join(' ')),
    ...(send ? [`send ${send.messageId} on ${send.connectionId}`] : []),
    ...(refused ? [`refused ${refused}`] : []),
  ]);

describe('a mailbox', () => {
  it('sends a command at once when nothing is outstanding, the next one when it was answered', () => {
    expect(
      told(
        [0, requested(oneShot('a')), online],
        [1, requested(oneShot('b')), online],
        [50, accepted('a.1'), online],
        [90, accepted('b.1'), online],
      ),
    ).toEqual([
      'a Queued',
      'a Sent',
      'send a.1 on c1',
      'b Queued',
      'a Accepted',
      'b Sent',
      'send b.1 on c1',
      'b Accepted',
    ]);
  });

  it('keeps what was sent, when, and what came back', () => {
    const [, answered] = steps([0, requested(oneShot('a')), online], [50, accepted('a.1'), online]);
    expect(answered?.records).toEqual([
      {
        command: oneShot('a'),
        state: 'Accepted',
        at: 50,
        attempts: 1,
        messageId: 'a.1',
        sentAt: 0,
        reply: '{"status":"Accepted"}',
      },
    ]);
  });

  it.each([
    ['late', [30_001, accepted('a.1'), online]],
    ['repeated', [50, accepted('a.1'), online]],
    ['invented', [50, accepted('x.1'), online]],
  ] as const)('changes nothing on an answer that is %s', (kind, answer) => {
    const before: Happening[] = [[0, requested(oneShot('a')), online]];
    if (kind === 'late') before.push([30_000, woken, online]);
    if (kind === 'repeated') before.push([40, accepted('a.1'), online]);
    const all = steps(...before, answer);
    expect(all.at(-1)?.state).toBe(all.at(-2)?.state);
    expect(all.at(-1)?.records).toEqual([]);
  });

  it('ends a call without an answer as timed out, and goes on', () => {
    expect(
      told([0, requested(oneShot('a')), online], [1, requested(oneShot('b')), online], [30_000, woken, online]),
    ).toEqual(['a Queued', 'a Sent', 'send a.1 on c1', 'b Queued', 'a TimedOut', 'b Sent', 'send b.1 on c1']);
  });

  it('waits for an answer until its deadline, though the request expires before', () => {
    const [sent] = steps([0, requested(oneShot('a', { expiresAt: 1_000 })), online]);
    expect(sent?.state.outstanding?.deadlineAt).toBe(30_000);
  });

  it('asks what holds after a profile was not answered in time', () => {
    expect(told([0, requested(probingProfile('p', 1)), online], [30_000, woken, online])).toEqual([
      'p Queued',
      'p Sent',
      'send p.1 on c1',
      'p TimedOut',
      'pp Queued',
      'pp Sent',
      'send pp.1 on c1',
    ]);
  });

  it('asks what holds before anything else that waits', () => {
    expect(
      told(
        [0, requested(probingProfile('p', 1)), online],
        [1, requested(idempotent('q')), online],
        [30_000, woken, online],
      ).slice(-4),
    ).toEqual(['p TimedOut', 'pp Queued', 'pp Sent', 'send pp.1 on c1']);
  });

  it('does not ask what holds when a newer decision about the same place waits', () => {
    expect(
      told(
        [0, requested(probingProfile('p', 1)), online],
        [1, requested(profile('newer', 2)), online],
        [30_000, woken, online],
      ).slice(-3),
    ).toEqual(['p TimedOut', 'newer Sent', 'send newer.1 on c1']);
  });

  it('never repeats a one-shot: after a lost connection it is unknown', () => {
    expect(
      told(
        [0, requested(oneShot('a')), online],
        [10, { type: 'disconnected', connectionId: 'c1' }],
        [20, { type: 'connected' }, connection(2, 20)],
        [3_000, woken, connection(2, 20)],
      ),
    ).toEqual(['a Queued', 'a Sent', 'send a.1 on c1', 'a Unknown connection-lost']);
  });

  it('repeats a profile under another message id once the next connection has settled', () => {
    const next = connection(2, 20);
    expect(
      told(
        [0, requested(profile('p', 1)), online],
        [20, { type: 'connected' }, next],
        [2_000, woken, next],
        [20 + READY_AFTER_MS, woken, next],
      ),
    ).toEqual(['p Queued', 'p Sent', 'send p.1 on c1', 'p Queued', 'p Sent', 'send p.2 on c2']);
  });

  it('lets the loss of an older connection change nothing', () => {
    const newer = connection(2, 100);
    const all = steps(
      [5_000, requested(profile('p', 1)), newer],
      [5_001, { type: 'disconnected', connectionId: 'c1' }, newer],
      [5_002, { type: 'connected' }, connection(1)],
    );
    expect(all.map(({ state }) => state.outstanding?.messageId)).toEqual(['p.1', 'p.1', 'p.1']);
  });

  it('waits for the deadline where of two connections of one instant nobody knows which came later', () => {
    const [one, other] = [connection(1, 100), connection(2, 100)];
    const all = steps([5_000, requested(profile('p', 1)), one], [5_001, { type: 'connected' }, other]);
    expect(all.map(({ state }) => state.outstanding?.messageId)).toEqual(['p.1', 'p.1']);
  });

  it('keeps one-shots that wait for a newer connection when an older one is told of as lost', () => {
    const newer = connection(2, 100);
    const all = steps(
      [5_000, requested(idempotent('q')), newer],
      [5_001, requested(oneShot('a')), newer],
      [5_002, { type: 'disconnected', connectionId: 'c1' }, newer],
    );
    expect(all.at(-1)?.state.queue.map(({ command }) => command.commandId)).toEqual(['a']);
  });

  it('is due when a new connection will be ready, and is written once for it', () => {
    const next = connection(2, 100);
    const [taken, looked] = steps([100, requested(profile('p', 1)), next], [200, woken, next]);
    expect(taken && dueAt(taken.state)).toBe(100 + READY_AFTER_MS);
    expect(looked?.state).toBe(taken?.state);
  });

  it('gives nothing out on a connection while it is told of as opened, however late, and is due soon after', () => {
    const next = connection(2, 10_000);
    const history: readonly Happening[] = [
      [0, requested(profile('p', 1))],
      [5_000, woken],
      [12_500, { type: 'connected' }, next],
    ];
    expect(told(...history)).toEqual(['p Queued']);
    expect(steps(...history).map(({ state }) => dueAt(state))).toEqual([
      READY_AFTER_MS,
      90_000,
      12_500 + READY_AFTER_MS,
    ]);
    expect(told(...history, [12_500 + READY_AFTER_MS, woken, next])).toEqual(['p Queued', 'p Sent', 'send p.1 on c2']);
  });

  it('does not wait for the instant of a connection that was stamped ahead, beside the moment it is told of', () => {
    const ahead = connection(2, 100_000);
    expect(told([10_000, requested(oneShot('a')), ahead])).toEqual(['a Queued', 'a Sent', 'send a.1 on c2']);
    const history: readonly Happening[] = [
      [0, requested(profile('p', 1))],
      [10_000, { type: 'connected' }, ahead],
    ];
    expect(steps(...history).map(({ state }) => dueAt(state))).toEqual([READY_AFTER_MS, 10_000 + READY_AFTER_MS]);
    expect(told(...history, [10_000 + READY_AFTER_MS, woken, ahead])).toEqual(['p Queued', 'p Sent', 'send p.1 on c2']);
  });

  it('puts a profile back that certainly did not reach the wire, and fails a one-shot', () => {
    const unsent = (messageId: string): MailboxEvent => ({ type: 'unsent', messageId });
    expect(told([0, requested(profile('p', 1)), online], [5, unsent('p.1')])).toEqual([
      'p Queued',
      'p Sent',
      'send p.1 on c1',
      'p Queued',
    ]);
    expect(told([0, requested(oneShot('a')), online], [5, unsent('a.1')])).toEqual([
      'a Queued',
      'a Sent',
      'send a.1 on c1',
      'a Failed offline',
    ]);
  });

  it('leaves the next call alone when one that has ended turns out to be unsent', () => {
    const [, , ended, unsent] = steps(
      [0, requested(oneShot('a')), online],
      [1, requested(oneShot('b')), online],
      [30_000, woken, online],
      [30_001, { type: 'unsent', messageId: 'a.1' }, online],
    );
    expect([ended?.state.outstanding?.messageId, unsent?.state]).toEqual(['b.1', ended?.state]);
  });

  it('leaves a connection that was gone alone for a minute, whatever wakes it', () => {
    const unsent: MailboxEvent = { type: 'unsent', messageId: 'p.1' };
    const begun = [[0, requested(profile('p', 1)), online] as const, [5, unsent] as const];
    const sent = ['p Queued', 'p Sent', 'send p.1 on c1', 'p Queued'];
    expect(told(...begun, [30_000, woken, online], [5 + GONE_FOR_MS - 1, woken, online])).toEqual(sent);
    expect(told(...begun, [5 + GONE_FOR_MS, woken, online])).toEqual([...sent, 'p Sent', 'send p.2 on c1']);
    expect(steps(...begun).map(({ state }) => dueAt(state))).toEqual([30_000, 5 + GONE_FOR_MS]);
  });

  it('looks again at what waits behind a one-shot whose connection was gone', () => {
    const unsent: MailboxEvent = { type: 'unsent', messageId: 'a.1' };
    const history: readonly Happening[] = [
      [0, requested(oneShot('a')), online],
      [1, requested(profile('p', 1)), online],
      [5, unsent],
    ];
    expect(steps(...history).map(({ state }) => dueAt(state))).toEqual([30_000, 30_000, 5 + GONE_FOR_MS]);
    expect(told(...history, [5 + GONE_FOR_MS, woken, online]).slice(-3)).toEqual([
      'a Failed offline',
      'p Sent',
      'send p.1 on c1',
    ]);
  });

  it('does not wait for a connection that was gone when there is a newer one', () => {
    const newer = connection(2, 10);
    expect(
      told(
        [0, requested(profile('p', 1)), online],
        [5, { type: 'unsent', messageId: 'p.1' }],
        [10, { type: 'connected' }, newer],
        [10 + READY_AFTER_MS, woken, newer],
      ),
    ).toEqual(['p Queued', 'p Sent', 'send p.1 on c1', 'p Queued', 'p Sent', 'send p.2 on c2']);
  });

  it('looks soon whether a station it takes for offline is just connecting', () => {
    const [taken] = steps([0, requested(profile('p', 1))]);
    expect(taken && dueAt(taken.state)).toBe(READY_AFTER_MS);
  });

  it('keeps profiles for a station that is offline, until they expire, and refuses everything else', () => {
    expect(
      told(
        [0, requested(oneShot('a'))],
        [0, requested(idempotent('q'))],
        [0, requested(profile('p', 1))],
        [READY_AFTER_MS, woken],
        [90_000, woken],
      ),
    ).toEqual(['refused offline', 'refused offline', 'p Queued', 'p Expired']);
  });

  const lost: MailboxEvent = { type: 'disconnected', connectionId: 'c1' };
  const lastRecord = (...history: readonly Happening[]) => steps(...history).at(-1)?.records[0];

  it.each<[string, Command]>([
    ['a profile', profile('p', 1)],
    ['a setting', idempotent('p')],
  ])('does not know of %s that was on the wire when its connection was lost, once it has expired', (_, command) => {
    expect(lastRecord([7, requested(command), online], [10, lost], [90_000, woken])).toEqual({
      command,
      state: 'Unknown',
      at: 90_000,
      attempts: 1,
      messageId: 'p.1',
      sentAt: 7,
      reason: 'connection-lost',
    });
  });

  it('remembers the call that may have arrived when the next one certainly did not', () => {
    const next = connection(2, 20);
    const again: readonly Happening[] = [
      [7, requested(profile('p', 1)), online],
      [10, lost],
      [20, { type: 'connected' }, next],
      [20 + READY_AFTER_MS, woken, next],
      [3_000, { type: 'unsent', messageId: 'p.2' }],
    ];
    expect(lastRecord(...again, [90_000, woken])).toEqual({
      command: profile('p', 1),
      state: 'Unknown',
      at: 90_000,
      attempts: 2,
      messageId: 'p.1',
      sentAt: 7,
      reason: 'connection-lost',
    });
  });

  it('says Expired of what certainly did not reach the wire', () => {
    const unsent: MailboxEvent = { type: 'unsent', messageId: 'p.1' };
    expect(lastRecord([7, requested(profile('p', 1)), online], [10, unsent], [90_000, woken])).toEqual({
      command: profile('p', 1),
      state: 'Expired',
      at: 90_000,
      attempts: 1,
    });
  });

  it('does not know of what may have arrived before the station spoke another OCPP version', () => {
    const other = { ...connection(2, 20), ocpp: '2.0.1' };
    expect(
      told(
        [0, requested(profile('p', 1)), online],
        [10, lost],
        [20, { type: 'connected' }, other],
        [5_000, woken, other],
      ),
    ).toEqual(['p Queued', 'p Sent', 'send p.1 on c1', 'p Queued', 'p Unknown connection-lost']);
  });

  it('keeps when it was sent of a profile that may have arrived before a newer one took its place', () => {
    expect(
      lastRecord([7, requested(profile('old', 1)), online], [10, lost], [11, requested(profile('new', 2))]),
    ).toEqual({
      command: profile('old', 1),
      state: 'Superseded',
      at: 11,
      attempts: 1,
      messageId: 'old.1',
      sentAt: 7,
    });
  });

  it('ends what an earlier version put back without saying when it was sent', () => {
    const before: MailboxState = { ...emptyMailbox, rev: 3, queue: [{ command: profile('p', 1), attempts: 1 }] };
    const { records } = mailbox(before, woken, { now: 90_000 });
    expect(records).toEqual([{ command: profile('p', 1), state: 'Expired', at: 90_000, attempts: 1 }]);
  });

  it('fails one-shots that wait when the station goes offline', () => {
    expect(
      told(
        [0, requested(idempotent('q')), online],
        [1, requested(oneShot('a')), online],
        [9, { type: 'disconnected', connectionId: 'c1' }],
      ),
    ).toEqual(['q Queued', 'q Sent', 'send q.1 on c1', 'a Queued', 'q Queued', 'a Failed offline']);
  });

  it('sends nothing that was written for another OCPP version', () => {
    const other = { ...connection(2, 20), ocpp: '2.0.1' };
    expect(told([0, requested(profile('p', 1))], [20, { type: 'connected' }, other], [5_000, woken, other])).toEqual([
      'p Queued',
      'p Failed the station speaks OCPP 2.0.1 now',
    ]);
  });

  it('never executes an expired request', () => {
    expect(told([90_000, requested(oneShot('a')), online])).toEqual(['refused expired']);
  });
});

describe('decisions about profiles', () => {
  it.each([
    ['one of a lower version that arrives later', [profile('new', 2), profile('old', 1)], 'old Superseded'],
    ['the same decision again', [profile('new', 2), profile('again', 2)], 'again Superseded'],
    ['an older decision to clear what is newer', [profile('new', 2), clear('old', 1)], 'old Superseded'],
    ['an older profile of what was cleared since', [clear('new', 2), profile('old', 1)], 'old Superseded'],
  ])('pass over %s', (_, commands, last) => {
    expect(told(...commands.map((command): Happening => [0, requested(command)])).at(-1)).toBe(last);
  });

  it('replace the one that waits, and leave those of other slots alone', () => {
    const other = profile('other', 1, { evseId: 2, purpose: 'TxProfile', stackLevel: 1, transactionId: '8' });
    const all = steps([0, requested(profile('old', 1))], [0, requested(other)], [0, requested(profile('new', 2))]);
    expect(all.at(-1)?.records.map(({ command, state }) => `${command.commandId} ${state}`)).toEqual([
      'old Superseded',
      'new Queued',
    ]);
    expect(all.at(-1)?.state.queue.map(({ command }) => command.commandId)).toEqual(['other', 'new']);
  });

  it('are forgotten when no older one can arrive any more, and beyond what an item holds', () => {
    const of = (evseId: number, now: number): Command => ({
      ...profile(`p${evseId}`, 1, { evseId, purpose: 'TxProfile', stackLevel: 1 }),
      expiresAt: now + 1,
    });
    const evses = (state: MailboxState | undefined) => state?.decided.map(({ slot }) => slot.evseId);
    const later = LONGEST_LIFE_MS + 1;
    const [, next] = steps([0, requested(of(1, 0))], [later, requested(of(2, later))]);
    expect(evses(next?.state)).toEqual([2]);
    const many = Array.from(
      { length: 130 },
      (_, index): Happening => [3_000 * index, requested(of(index, 3_000 * index))],
    );
    const kept = evses(steps(...many).at(-1)?.state);
    expect([kept?.length, kept?.[0], kept?.at(-1)]).toEqual([128, 2, 129]);
  });

  it('are not undone by repeating an older one after a lost connection', () => {
    expect(
      told(
        [0, requested(profile('old', 1)), online],
        [1, requested(profile('new', 2)), online],
        [10, { type: 'disconnected', connectionId: 'c1' }],
      ),
    ).toEqual(['old Queued', 'old Sent', 'send old.1 on c1', 'new Queued', 'old Unknown connection-lost']);
  });
});

describe('the bounds of a mailbox', () => {
  const filled = (): MailboxState =>
    Array.from({ length: MAX_QUEUED + 1 }, (_, index) => oneShot(`c${index}`, { origin: 'internal' })).reduce(
      (state, command) => mailbox(state, requested(command), { now: 0, connection: online }).state,
      emptyMailbox,
    );

  it('refuse what the queue cannot hold, without a trace', () => {
    const full = filled();
    const step = mailbox(full, requested(oneShot('z')), { now: 1, connection: online });
    expect(step).toEqual({ state: full, records: [], refused: 'queue-full' });
    const large = mailbox(emptyMailbox, requested(oneShot('z', { payload: 'x'.repeat(100_001) })), {
      now: 1,
      connection: online,
    });
    expect(large.refused).toBe('queue-full');
  });

  it('fit into an item of the store, whatever characters callers write', () => {
    const order = (index: number, characters: number): Command => ({
      ...probingProfile(`0mwrjoe68-fwu0uo775${100 + index}`, index, { ...slot(index), transactionId: 't'.repeat(36) }),
      ...{ payload: '€'.repeat(characters), why: '€'.repeat(500), requestId: '€'.repeat(200) },
      ...{ by: `bus: 123456789012/${'s'.repeat(256)}`, origin: 'internal' },
    });
    const taken = (state: MailboxState, command: Command) =>
      mailbox(state, requested(command), { now: 1, connection: online }).state;
    const answered = (state: MailboxState) =>
      mailbox(state, accepted(state.outstanding?.messageId ?? ''), { now: 2, connection: online }).state;
    // Decisions that are remembered; then the longest payloads of a door (64 KB), and shorter ones as long as there is room.
    const decided = Array.from({ length: 140 }, (_, index) => order(index, 2)).reduce(
      (state, command) => answered(taken(state, command)),
      emptyMailbox,
    );
    const lengths = [...Array(4).fill(21_800), ...Array(MAX_QUEUED).fill(1_000), ...Array(MAX_QUEUED).fill(2)];
    const full = lengths.map((characters, index) => order(200 + index, characters)).reduce(taken, decided);
    expect([decided.decided.length, full.queue.length > 8]).toEqual([128, true]);
    expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(400 * 1_024);
  });

  it('have room for a decision that takes the place of one that waits', () => {
    const ask = (commandId: string, version: number, evseId: number) =>
      requested({ ...profile(commandId, version, slot(evseId)), origin: 'internal' });
    const full = Array.from({ length: MAX_QUEUED }, (_, index) => ask(`p${index}`, 1, index)).reduce(
      (state, event) => mailbox(state, event, { now: 0 }).state,
      emptyMailbox,
    );
    expect(mailbox(full, ask('z', 1, MAX_QUEUED), { now: 1 }).refused).toBe('queue-full');
    const step = mailbox(full, ask('new', 2, 0), { now: 1 });
    expect([step.refused, step.state.queue.length]).toEqual([undefined, MAX_QUEUED]);
  });

  it('count what has expired as gone', () => {
    expect(mailbox(filled(), requested(profile('p', 1)), { now: 90_000 - 1 }).refused).toBe('queue-full');
    const late = { ...profile('p', 1), expiresAt: 200_000 };
    expect(mailbox(filled(), requested(late), { now: 90_000 }).refused).toBeUndefined();
  });

  /** A mailbox after so many commands were asked for from `from` on (ms), and answered. */
  const askedFor = (count: number, fieldsOf: (index: number) => Partial<Command>, from = 0): MailboxState =>
    Array.from({ length: count }, (_, index) =>
      oneShot(`c${index}`, { expiresAt: 2 ** 41, ...fieldsOf(index) }),
    ).reduce((before, command, index) => {
      const now = from + index;
      const { state: after } = mailbox(before, requested(command), { now, connection: online });
      return mailbox(after, accepted(`${command.commandId}.1`), { now, connection: online }).state;
    }, emptyMailbox);

  it('refuse a caller who asks too often, not the others and not our own loops', () => {
    const state = askedFor(PER_CALLER_AND_MINUTE, () => ({}));
    const refusedFor = (fields: Partial<Command>, now: number) =>
      mailbox(state, requested(oneShot('z', fields)), { now, connection: online }).refused;
    expect(refusedFor({}, 100)).toBe('rate-limited');
    expect(refusedFor({ by: 'somebody else' }, 100)).toBeUndefined();
    expect(refusedFor({ origin: 'internal' }, 100)).toBeUndefined();
    expect(refusedFor({}, 60_000)).toBeUndefined();
  });

  it('refuse everybody but our own loops where many callers together ask too often', () => {
    const state = askedFor(PER_STATION_AND_MINUTE, (index) => ({ by: `caller ${index}` }));
    const refusedFor = (fields: Partial<Command>) =>
      mailbox(state, requested(oneShot('z', fields)), { now: 100, connection: online }).refused;
    expect(refusedFor({ by: 'somebody else' })).toBe('rate-limited');
    expect(refusedFor({ origin: 'internal' })).toBeUndefined();
  });

  it('hold for a caller of any name', () => {
    const fields = { by: 'constructor' };
    const state = askedFor(PER_CALLER_AND_MINUTE, () => fields);
    const step = mailbox(state, requested(oneShot('z', fields)), { now: 100, connection: online });
    expect(step.refused).toBe('rate-limited');
  });

  it('begin anew where the clock was set back', () => {
    const state = askedFor(PER_CALLER_AND_MINUTE, () => ({}), 3_600_000);
    const step = mailbox(state, requested(oneShot('z')), { now: 1_000, connection: online });
    expect(step.refused).toBeUndefined();
  });
});

/** Any history of a station: what is requested, answered, lost and waited for, in any order. */
const anyEvent = fc.oneof(
  fc.record({ does: fc.constant('request'), kind: fc.nat(2), version: fc.nat(9), evseId: fc.nat(2) }),
  fc.record({ does: fc.constantFrom('answer', 'lose', 'connect', 'wait', 'unsend', 'wake'), ms: fc.nat(40_000) }),
);

describe('any history', () => {
  it('ends every command once, sends one-shots once, and uses no message id twice', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (history) => {
        let state = emptyMailbox;
        let now = 0;
        let open: Connection | undefined = online;
        let connections = 1;
        const states = new Map<string, CommandState>();
        const sent: string[] = [];
        const run = (event: MailboxEvent): void => {
          const step = mailbox(state, event, { now, connection: open });
          for (const { command, state: reached } of step.records) {
            expect(isFinal(states.get(command.commandId) ?? 'Queued')).toBe(false);
            states.set(command.commandId, reached);
          }
          if (step.send) sent.push(step.send.messageId);
          expect(step.state.rev - state.rev).toBe(step.state === state ? 0 : 1);
          state = step.state;
        };
        history.forEach((happening, index) => {
          if ('kind' in happening) {
            const { kind, version, evseId } = happening;
            const life = { requestedAt: now, expiresAt: now + 60_000 };
            const make = [oneShot, idempotent][kind];
            run(
              requested(
                make?.(`r${index}`, life) ?? {
                  ...profile(`r${index}`, version, { evseId, purpose: 'TxProfile', stackLevel: 1 }),
                  ...life,
                },
              ),
            );
            return;
          }
          const { does, ms } = happening;
          const messageId = state.outstanding?.messageId ?? 'none.1';
          if (does === 'answer') run(accepted(messageId));
          else if (does === 'unsend') run({ type: 'unsent', messageId });
          else if (does === 'wait') now += ms;
          else if (does === 'wake') run(woken);
          else if (does === 'connect') {
            connections += 1;
            open = connection(connections, now);
            run({ type: 'connected' });
          } else {
            const connectionId = open?.connectionId ?? 'none';
            open = undefined;
            run({ type: 'disconnected', connectionId });
          }
        });
        open = undefined;
        for (let due = dueAt(state); due !== undefined; due = dueAt(state)) {
          now = Math.max(now, due);
          run(woken);
        }
        expect([...states.values()].every(isFinal)).toBe(true);
        expect(new Set(sent).size).toBe(sent.length);
        const ofOneShots = sent.filter((messageId) => {
          const index = Number(messageId.slice(1).split('.')[0]?.replace('p', ''));
          const happening = history[index];
          return happening !== undefined && 'kind' in happening && happening.kind === 0;
        });
        expect(ofOneShots.every((messageId) => messageId.endsWith('.1'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
