import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandState, isFinal } from '../../../domain/commands/command.ts';
import { dueAt } from '../../../domain/commands/mailbox-state.ts';
import { readFrame } from '../../../ocpp/frames/read-frame.ts';
import type { MailboxWrite } from '../../../use-cases/ports/commands/mailbox-store.ts';
import { requestCommand } from '../../../use-cases/send-command/request-command.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import { messageIdOf } from '../../fakes/wire.ts';
import { administrator, connectionTo, givenStation, operator, viewer } from './given-station.ts';

const profile = (limit: number, fields: object = {}) => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 11,
    transactionId: 7,
    stackLevel: 1,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Absolute',
    ...fields,
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  },
});
const start = { idTag: 'TAG', connectorId: 1 };

describe('a request', () => {
  it.each([
    ['an unknown station', 'UnknownStation', { stationId: 'nobody' }, operator],
    ['an action the version does not have', 'UnsupportedAction', { action: 'SetVariables' }, operator],
    ['a charger’s own action', 'UnsupportedAction', { action: 'BootNotification' }, operator],
    ['a payload that is no JSON', 'MalformedPayload', { payload: '{' }, operator],
    ['a payload that is no object', 'MalformedPayload', { payload: '[]' }, operator],
    ['a payload the schema refuses', 'MalformedPayload', { payload: '{"idTag":7}' }, operator],
    ['a payload that is too large', 'PayloadTooLarge', { payload: `{"idTag":"${'x'.repeat(70_000)}"}` }, operator],
    ['a caller who may only look', 'NotPermitted', {}, viewer],
    [
      'a role that is too low',
      'NotPermitted',
      { action: 'UpdateFirmware', payload: '{"location":"https://x","retrieveDate":"2026-11-21T00:00:00Z"}' },
      operator,
    ],
    ['a hard reset nobody confirmed', 'NotConfirmed', { action: 'Reset', payload: '{"type":"Hard"}' }, operator],
    ['one that expired', 'RequestExpired', { requestedAt: 1, expiresAt: 59_000 }, operator],
    ['one whose usual life is over: an event replayed', 'RequestExpired', { requestedAt: 0 }, operator],
    ['one from the future', 'RequestExpired', { requestedAt: 600_000 }, operator],
  ] as const)('of %s is refused with %s, and nothing is on the wire', async (_, code, fields, caller) => {
    const station = givenStation();
    const asked = station.request('RemoteStartTransaction', start, fields, caller);
    await expect(asked).rejects.toMatchObject({ name: 'CommandRefused', code });
    expect([station.wire.sent, station.mailboxes.writes]).toEqual([[], []]);
  });

  it('of a confirmed hard reset is sent', async () => {
    const { request } = givenStation();
    expect((await request('Reset', { type: 'Hard' }, { confirm: true })).state).toBe('Sent');
  });

  it('that is a repeat under its own name is answered with how the first stands, whatever time it says', async () => {
    const { request } = givenStation();
    const named = { discriminator: 'named', isDistinct: true } as const;
    const first = await request('RemoteStartTransaction', start, { ...named, requestedAt: 59_000 });
    const repeat = await request('RemoteStartTransaction', start, { ...named, requestedAt: 59_500 });
    expect(repeat.command.commandId).toBe(first.command.commandId);
  });

  it('that is a repeat under its own name is no refusal where its station is offline by now', async () => {
    const station = givenStation();
    const named = { discriminator: 'named', isDistinct: true } as const;
    const first = await station.request('RemoteStartTransaction', start, { ...named, requestedAt: 59_000 });
    station.connect(undefined);
    const repeat = await station.request('RemoteStartTransaction', start, { ...named, requestedAt: 59_500 });
    expect(repeat.command.commandId).toBe(first.command.commandId);
  });

  it.each([
    ['Full', 'Queued'],
    ['Differential', 'Unknown'],
  ])(
    'of a local list is sent again after a lost connection only where that changes nothing: %s',
    async (updateType, state) => {
      const station = givenStation();
      const list = { listVersion: 2, updateType, localAuthorizationList: [{ idTag: 'T1' }] };
      const { command } = await station.request('SendLocalList', list);
      station.connect(undefined);
      await station.wake.disconnected('S1', 'c1');
      expect(await station.stateOf(command.commandId)).toBe(state);
    },
  );

  it('of the value of a dynamic profile does not wait for longer than five minutes', async () => {
    const station = givenStation('2.1');
    const value = { chargingProfileId: 1, scheduleUpdate: { limit: 10 } };
    const { command } = await station.request('UpdateDynamicSchedule', value);
    expect(command.expiresAt - command.requestedAt).toBe(5 * 60_000);
  });

  it('to a station that is offline is refused at once, unless it is a profile', async () => {
    const station = givenStation();
    station.connect(undefined);
    await expect(station.request('RemoteStartTransaction', start)).rejects.toMatchObject({ code: 'StationOffline' });
    expect((await station.request('SetChargingProfile', profile(16))).state).toBe('Queued');
  });

  it('to a station that was never connected or is not admitted is refused', async () => {
    const station = givenStation();
    station.mailboxes.contacts.set('S1', { admission: 'accepted', ocpp: undefined, connectors: [] });
    await expect(station.request('SetChargingProfile', profile(16))).rejects.toMatchObject({ code: 'StationOffline' });
    station.mailboxes.contacts.set('S1', {
      admission: 'rejected',
      connectors: [],
      ocpp: '1.6',
      connection: connectionTo(1),
    });
    await expect(station.request('ClearCache', {})).rejects.toMatchObject({ code: 'StationRejected' });
  });

  it('that comes again is executed once, and tells how the first one stands', async () => {
    const station = givenStation();
    const again = { requestedAt: 59_000, discriminator: 'same' };
    const first = await station.request('RemoteStartTransaction', start, again);
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    const second = await station.request('RemoteStartTransaction', start, again);
    expect(second.command.commandId).toBe(first.command.commandId);
    expect([second.state, station.wire.sent.length]).toEqual(['Accepted', 1]);
  });

  it('that comes again when its station is offline by now tells how the first one stands', async () => {
    const station = givenStation();
    const again = { requestedAt: 59_000, discriminator: 'same' };
    await station.request('RemoteStartTransaction', start, again);
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    station.connect(undefined);
    expect((await station.request('RemoteStartTransaction', start, again)).state).toBe('Accepted');
  });

  it('that changes profiles asks after a time-out which limit holds only where it set one', async () => {
    const asked = async (action: string, payload: object): Promise<readonly string[]> => {
      const station = givenStation();
      await station.request(action, payload);
      station.time.now += 30_000;
      await station.wake.woken('S1');
      return station.wire.sent.map(({ frame }) => JSON.parse(frame)[2]);
    };
    expect(await asked('SetChargingProfile', profile(16))).toEqual(['SetChargingProfile', 'GetCompositeSchedule']);
    const one = { connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 };
    expect(await asked('ClearChargingProfile', one)).toEqual(['ClearChargingProfile']);
  });

  it('to a connection that is gone fails, or waits when it is a profile', async () => {
    const station = givenStation();
    station.wire.gone.add('c1');
    expect(await station.request('RemoteStartTransaction', start)).toMatchObject({
      state: 'Failed',
      reason: 'offline',
    });
    expect((await station.request('SetChargingProfile', profile(16))).state).toBe('Queued');
    const next = connectionTo(2, '1.6', 60_000);
    station.connect(next);
    await station.wake.connected('S1', next);
    station.time.now += 2_000;
    await station.wake.woken('S1');
    expect(station.wire.sent.map(({ connectionId, frame }) => [connectionId, messageIdOf(frame).at(-1)])).toEqual([
      ['c2', '1'],
    ]);
  });

  it('that was refused for the sake of the rate is sent when it is taken, once', async () => {
    const station = givenStation();
    station.wire.busyFor = 5;
    expect((await station.request('RemoteStartTransaction', start)).state).toBe('Sent');
    expect([station.wire.sent.length, station.warnings]).toEqual([1, []]);
  });

  it('that was refused so for seconds stays outstanding until its deadline', async () => {
    const station = givenStation();
    station.wire.busyFor = 6;
    expect((await station.request('RemoteStartTransaction', start)).state).toBe('Sent');
    expect([station.wire.sent, station.warnings]).toEqual([[], ['commandMaybeNotSent']]);
  });

  it('that nobody can say was sent stays outstanding until its deadline', async () => {
    const station = givenStation();
    station.wire.fail = true;
    const { command, state } = await station.request('RemoteStartTransaction', start);
    expect([state, station.warnings]).toEqual(['Sent', ['commandMaybeNotSent']]);
    station.time.now += 30_000;
    await station.wake.woken('S1');
    expect(await station.stateOf(command.commandId)).toBe('TimedOut');
  });

  it('of a profile ends with the profile', async () => {
    const station = givenStation();
    const validTo = new Date(station.time.now + 90_000).toISOString();
    const { command } = await station.request('SetChargingProfile', profile(16, { validTo }));
    expect(command.expiresAt).toBe(station.time.now + 90_000);
  });

  it('lives no longer than the mailbox remembers decisions', async () => {
    const station = givenStation();
    const { now } = station.time;
    const { command } = await station.request('SetChargingProfile', profile(16), { expiresAt: now + 10 * 86_400_000 });
    expect(command.expiresAt).toBe(now + 86_400_000);
  });

  it.each([
    [5_000, 5_000],
    [600_000, 30_000],
  ])('that gives the station %d ms is waited for %d ms: never longer than is usual', async (asked, given) => {
    const { command } = await givenStation().request('ClearCache', {}, { timeoutMs: asked });
    expect(command.timeoutMs).toBe(given);
  });

  it('is measured in bytes, as it goes on the wire', async () => {
    const data = '€'.repeat(30_000);
    const asked = givenStation().request('DataTransfer', { vendorId: 'v', data }, {}, administrator);
    await expect(asked).rejects.toMatchObject({ code: 'PayloadTooLarge' });
  });
});

describe('a connection that ends', () => {
  it('is not sent on any more, although the station is still noted with it', async () => {
    const station = givenStation();
    const unlock = () => station.request('UnlockConnector', { connectorId: 1 });
    const [first, second] = [await unlock(), await unlock()];
    await station.wake.disconnected('S1', 'c1');
    const states = await Promise.all([first, second].map(({ command }) => station.stateOf(command.commandId)));
    expect([states, station.wire.sent.length]).toEqual([['Unknown', 'Failed'], 1]);
  });
});

describe('an answer', () => {
  it('brings the next call back with it', async () => {
    const station = givenStation();
    await station.request('ClearCache', {});
    const second = await station.request('GetLocalListVersion', {});
    const settled = await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    expect(JSON.parse(settled?.next ?? '[]').slice(2)).toEqual(['GetLocalListVersion', {}]);
    expect([station.wire.sent.length, await station.stateOf(second.command.commandId)]).toEqual([1, 'Sent']);
  });

  it.each([
    ['to nothing', [3, 'unheard of', { status: 'Accepted' }]],
    ['without a readable id', [3, 7, {}]],
  ])('%s changes nothing', async (_, frame) => {
    const station = givenStation();
    const { command } = await station.request('ClearCache', {});
    expect(await station.say(frame)).toBeUndefined();
    expect([await station.stateOf(command.commandId), station.mailboxes.writes.length]).toEqual(['Sent', 1]);
  });

  it('that is broken but names its call has failed', async () => {
    const station = givenStation();
    const { command } = await station.request('ClearCache', {});
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), {}, 'too much']);
    expect(await station.stateOf(command.commandId)).toBe('Failed');
  });
});

describe('profiles', () => {
  it('are superseded by newer decisions whatever the order of arrival, and never sent after them', async () => {
    const station = givenStation();
    station.connect(undefined);
    const newer = await station.request('SetChargingProfile', profile(16), { version: 5 });
    const older = await station.request('SetChargingProfile', profile(32), { version: 4 });
    expect([newer.state, older.state]).toEqual(['Queued', 'Superseded']);
  });

  it('that were not answered are asked after', async () => {
    const station = givenStation();
    await station.request('SetChargingProfile', profile(16));
    station.time.now += 30_000;
    await station.wake.woken('S1');
    const last = JSON.parse(station.wire.sent.at(-1)?.frame ?? '[]');
    expect(last.slice(2)).toEqual(['GetCompositeSchedule', { connectorId: 1, duration: 3_600 }]);
  });
});

/** Requests, answers and losses at several gateways at once, every await of each at the mercy of a scheduler. */
describe('gateways side by side', () => {
  it('keep one call outstanding, send one-shots once and end every command', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(3), { minLength: 2, maxLength: 8 }),
        async (scheduler, kinds) => {
          const station = givenStation();
          const { mailboxes, wire, ports } = station;
          const answered = new Set<string>();
          const later = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
            scheduler.scheduleFunction(work);
          const slow = {
            ...ports,
            mailboxes: {
              ...mailboxes,
              load: later(mailboxes.load),
              loadWithContact: later(mailboxes.loadWithContact),
              commit: later(mailboxes.commit),
            },
            sender: {
              send: later(async (stationId: string, connection: ReturnType<typeof connectionTo>, frame: string) => {
                const open = wire.sent.filter((sent) => !answered.has(messageIdOf(sent.frame)));
                expect(open).toEqual([]);
                return wire.send(stationId, connection, frame);
              }),
            },
          };
          const request = requestCommand(slow);
          const settle = settleReply(slow);
          const answer = async (frame: string): Promise<void> => {
            const messageId = messageIdOf(frame);
            const reply = readFrame(JSON.stringify([3, messageId, { status: 'Accepted' }]), '1.6');
            if (reply.kind !== 'result') throw new Error('No reply');
            const results = await Promise.all(
              [1, 2].map(async () => {
                answered.add(messageId);
                return settle('S1', reply, '1.6', connectionTo(1));
              }),
            );
            const next = results.flatMap((settled) => settled?.next ?? []);
            expect(next.length).toBeLessThanOrEqual(1);
            for (const following of next) {
              wire.sent.push({ stationId: 'S1', connectionId: 'c1', frame: following });
              await answer(following);
            }
          };
          const ask = async (kind: number, index: number): Promise<void> => {
            const [action, payload] =
              kind === 0 ? ['SetChargingProfile', profile(16)] : ['RemoteStartTransaction', start];
            await request(
              { stationId: 'S1', action: String(action), payload: JSON.stringify(payload), discriminator: `r${index}` },
              operator,
            );
          };
          await scheduler.waitFor(Promise.all(kinds.map(ask)));
          await scheduler.waitFor(Promise.all(wire.sent.slice(0, 1).map(({ frame }) => answer(frame))));
          const ids = wire.sent.map(({ frame }) => messageIdOf(frame));
          expect(new Set(ids).size).toBe(ids.length);
          const { items } = await mailboxes.list('S1', { limit: 50 });
          const open = (state: CommandState) => !isFinal(state);
          expect(items.filter(({ state }) => open(state))).toEqual([]);
          expect(dueAt(await mailboxes.load('S1'))).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the answer to a call that went out as the answer to another one', () => {
  const given = async () => {
    const station = givenStation();
    for (let count = 0; count < 3; count += 1) await station.request('ClearCache', {});
    let loads = 0;
    let commits = 0;
    const load = (stationId: string) => {
      loads += 1;
      return station.mailboxes.load(stationId);
    };
    const commit = (write: MailboxWrite) => {
      commits += 1;
      return station.mailboxes.commit(write);
    };
    const settle = settleReply({ ...station.ports, mailboxes: { ...station.mailboxes, load, commit } });
    const answer = async (frame: string) => {
      const reply = readFrame(JSON.stringify([3, messageIdOf(frame), { status: 'Accepted' }]), '1.6');
      if (reply.kind !== 'result') throw new Error('No reply');
      return (await settle('S1', reply, '1.6', connectionTo(1)))?.next ?? '';
    };
    const first = await answer(station.wire.sent[0]?.frame ?? '');
    return { station, answer, first, loads: () => loads, commits: () => commits };
  };
  const states = async ({ mailboxes }: ReturnType<typeof givenStation>) =>
    (await mailboxes.list('S1', { limit: 9 })).items.map(({ state }) => state).toReversed();

  it('finds the mailbox as it was left, without reading it', async () => {
    const { station, answer, first, loads } = await given();
    await answer(await answer(first));
    expect([await states(station), loads()]).toEqual([['Accepted', 'Accepted', 'Accepted'], 1]);
  });

  it('loses nothing of what others wrote meanwhile, which the refused write tells', async () => {
    const { station, answer, first, loads } = await given();
    await station.request('ClearCache', {});
    await answer(await answer(await answer(first)));
    expect([await states(station), loads()]).toEqual([['Accepted', 'Accepted', 'Accepted', 'Accepted'], 1]);
  });

  it('writes nothing when it comes twice', async () => {
    const { answer, first, commits } = await given();
    const last = await answer(first);
    await answer(last);
    expect([await answer(last), commits()]).toEqual(['', 3]);
  });

  it('changes nothing when the call has timed out meanwhile', async () => {
    const { station, answer, first } = await given();
    station.time.now += 30_000;
    await station.wake.woken('S1');
    expect(await answer(first)).toBe('');
    expect(await states(station)).toEqual(['Accepted', 'TimedOut', 'Sent']);
  });

  it('is not taken for one of the call that somebody else has sent since', async () => {
    const { station, answer } = await given();
    station.time.now += 30_000;
    await station.wake.woken('S1');
    await answer(station.wire.sent.at(-1)?.frame ?? '');
    expect(await states(station)).toEqual(['Accepted', 'TimedOut', 'Accepted']);
  });
});
