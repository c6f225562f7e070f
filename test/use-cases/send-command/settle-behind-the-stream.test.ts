import { describe, expect, it } from 'vitest';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { fold } from '../../../domain/station/fold.ts';
import { encodeEnvelope } from '../../../ocpp/frames/parse-envelope.ts';
import { answerOcpp, type Incoming } from '../../../use-cases/answer-ocpp/answer-ocpp.ts';
import type { UnsettledReply } from '../../../use-cases/ports/commands/wake-queue.ts';
import type { OcppStream } from '../../../use-cases/ports/ocpp-stream.ts';
import { aggregateCache } from '../../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../../use-cases/project-state/record-of.ts';
import { answerWakeUp } from '../../../use-cases/send-command/answer-wake-up.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import { fakeSceneStore } from '../../fakes/aggregate-store.ts';
import { fakeOcppStream } from '../../fakes/ocpp-stream.ts';
import { registration } from '../../fakes/registration.ts';
import { messageIdOf } from '../../fakes/wire.ts';
import { connectionTo, givenStation } from './given-station.ts';

type Work = (...args: never[]) => Promise<unknown>;

/** Lets the function that calls die at its nth step, before or after what it asks for was done: it fails and does nothing more. */
const diesAt = (nth: number) => {
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps === nth) throw new Error(`The function is gone at step ${nth}`);
  };
  return <Ports extends Record<string, unknown>>(ports: Ports): Ports =>
    Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [
        name,
        typeof port !== 'function'
          ? port
          : async (...args: never[]) => {
              step();
              const result = await (port as Work)(...args);
              step();
              return result;
            },
      ]),
    ) as Ports;
};

const NEVER = 0;

/** A station whose mailbox cannot be reached when its answer comes in; what is behind the stream, with everything as it should be. */
const givenOutage = async ({ put }: Partial<OcppStream> = {}) => {
  const station = givenStation();
  const first = await station.request('ClearCache', {});
  const second = await station.request('RemoteStartTransaction', { idTag: 'TAG', connectorId: 1 });
  const stream = { ...fakeOcppStream(), ...omitUndefined({ put }) };
  const queued: UnsettledReply[] = [];
  const again: { readonly reply: UnsettledReply; readonly dueAt: number }[] = [];
  const warnings: string[] = [];
  const store = fakeSceneStore([registration({ stationId: 'S1' })]);
  const out = () => Promise.reject(new Error('TimeoutError'));

  const gatewayWith = (mailboxes: typeof station.mailboxes) =>
    answerOcpp({
      tagList: { find: out },
      activeTags: { connectorsOf: out },
      unknownTags: 'refuse',
      stream,
      held: { hold: out },
      noteSeen: async () => {},
      settle: settleReply({ ...station.ports, mailboxes }),
      // A hundredth of the time.
      sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms / 100).unref()),
      warn: (kind) => void warnings.push(kind),
      heartbeatIntervalSec: 540,
    });
  const say = (frame: unknown, fields: Partial<typeof station.mailboxes> = {}) => {
    const incoming: Incoming = {
      frame: JSON.stringify(frame),
      stationId: 'S1',
      ocpp: '1.6',
      admission: 'accepted',
      transport: 'websocket',
      connectionId: connectionTo(1).connectionId,
      receivedAt: station.time.now,
      seenAt: 0,
    };
    return gatewayWith({ ...station.mailboxes, ...fields })(incoming);
  };

  /** One delivery of the stream to project-state; the function may die at one of its steps. */
  const project = async (death = NEVER): Promise<void> => {
    const dying = diesAt(death);
    const run = projectState({
      store: dying(store),
      cache: aggregateCache(1),
      fold,
      queue: dying({ settle: async (reply: UnsettledReply) => void queued.push(reply), schedule: out }),
    });
    const records = stream.records.flatMap((envelope, index) => {
      const record = recordOf('0', encodeEnvelope(envelope), String(index + 1), (kind) => void warnings.push(kind));
      return record === undefined ? [] : [record.value];
    });
    await run(records, 'S1');
  };
  /** One delivery of all that is queued; the function may die at one of its steps. */
  const settle = async (death = NEVER): Promise<void> => {
    const dying = diesAt(death);
    const ports = {
      ...station.ports,
      mailboxes: dying({
        load: station.mailboxes.load,
        loadWithContact: station.mailboxes.loadWithContact,
        commit: station.mailboxes.commit,
      }),
      sender: dying({ send: station.wire.send }),
    };
    const queue = {
      schedule: out,
      settle: async (reply: UnsettledReply, dueAt = 0) => void again.push({ reply, dueAt }),
    };
    const answer = answerWakeUp({ ...ports, mailbox: station.wake, settle: settleReply(ports), queue });
    for (const message of queued) await answer(message);
  };
  const states = () => Promise.all([first, second].map(({ command }) => station.stateOf(command.commandId)));
  const answerToFirst = [3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }];
  /** How often a command was written as accepted. */
  const acceptances = () =>
    station.mailboxes.writes.flatMap(({ records }) => records).filter(({ state }) => state === 'Accepted').length;
  return { station, stream, queued, again, warnings, out, say, project, settle, states, answerToFirst, acceptances };
};

const answerlessTables = ['load', 'commit'] as const;

describe('an answer whose mailbox cannot be reached', () => {
  it.each(answerlessTables)('(%s) settles its command from the stream, and the next one is sent', async (call) => {
    const { station, say, out, project, settle, states, answerToFirst, warnings } = await givenOutage();
    expect(await say(answerToFirst, { [call]: out })).toBeUndefined();
    expect([await states(), warnings]).toEqual([['Sent', 'Queued'], ['replyNotSettled']]);
    await project();
    await settle();
    expect([await states(), station.wire.sent.length]).toEqual([['Accepted', 'Sent'], 2]);
  });

  it('that was written and only seemed lost is not settled twice', async () => {
    const { station, say, project, settle, states, answerToFirst, acceptances } = await givenOutage();
    const { commit } = station.mailboxes;
    await say(answerToFirst, {
      commit: async (write) => {
        await commit(write);
        throw new Error('TimeoutError');
      },
    });
    await project();
    await settle();
    // The next one was given out for sending, and nobody knows that it was not sent: it is not sent again.
    expect([await states(), acceptances(), station.wire.sent.length]).toEqual([['Accepted', 'Sent'], 1, 1]);
  });

  it('that cannot be read fails its command', async () => {
    const { say, out, project, settle, states, answerToFirst } = await givenOutage();
    await say([...answerToFirst, 'too much'], { load: out });
    await project();
    await settle();
    expect(await states()).toEqual(['Failed', 'Sent']);
  });

  it('to a command that has timed out by then changes nothing', async () => {
    const { station, say, out, project, settle, states, answerToFirst } = await givenOutage();
    await say(answerToFirst, { load: out });
    station.time.now += 30_000;
    await station.wake.woken('S1');
    await project();
    await settle();
    expect((await states())[0]).toBe('TimedOut');
  });

  it('is looked at again while the store is out: after a second, and after half its age', async () => {
    const { station, say, out, project, settle, again, queued, answerToFirst } = await givenOutage();
    await say(answerToFirst, { load: out });
    await project();
    await settle(1);
    station.time.now += 10_000;
    await settle(1);
    expect(again).toEqual([
      { reply: queued[0], dueAt: 61_000 },
      { reply: queued[0], dueAt: 75_000 },
    ]);
  });

  // As many steps as there are, and one more: the last of each list is a life without a death.
  it.each(Array.from({ length: 6 }, (_, step) => step + 1))(
    'is settled once, though project-state dies at step %i',
    async (death) => {
      const { station, say, out, project, settle, states, answerToFirst, acceptances } = await givenOutage();
      await say(answerToFirst, { load: out });
      await project(death).catch(() => {});
      await project();
      await settle();
      expect([await states(), acceptances(), station.wire.sent.length]).toEqual([['Accepted', 'Sent'], 1, 2]);
    },
  );

  it.each(Array.from({ length: 7 }, (_, step) => step + 1))(
    'is settled once, and the next call sent at most once, though the function that settles it dies at step %i',
    async (death) => {
      const { station, say, out, project, settle, states, answerToFirst, acceptances } = await givenOutage();
      await say(answerToFirst, { load: out });
      await project();
      await settle(death);
      await settle();
      await settle();
      expect([await states(), acceptances()]).toEqual([['Accepted', 'Sent'], 1]);
      expect(station.wire.sent.length).toBeLessThanOrEqual(2);
    },
  );
});

describe('an answer that settled its command while the stream is out', () => {
  const refused = async () => Promise.reject(new Error('ProvisionedThroughputExceededException'));
  const hung = () => new Promise<void>(() => {});
  it.each([
    ['refuses', refused],
    ['hangs', hung],
  ])('(it %s) is answered with the next call, and its command has ended', async (_, put) => {
    const { say, states, warnings, answerToFirst } = await givenOutage({ put });
    const next = await say(answerToFirst);
    expect(JSON.parse(next ?? '[]').slice(2)).toEqual(['RemoteStartTransaction', { idTag: 'TAG', connectorId: 1 }]);
    expect([await states(), warnings]).toEqual([['Accepted', 'Sent'], ['settledReplyNotKept']]);
  });
});

describe('what is no unsettled answer', () => {
  it.each([
    ['an answer that was settled', (first: unknown[]) => first],
    ['an answer to nothing', () => [3, 'unheard of', {}]],
    ['a call', () => [2, 'c', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }]],
  ])('(%s) costs nothing behind the stream', async (_, frameOf) => {
    const { say, project, queued, answerToFirst } = await givenOutage();
    await say(frameOf(answerToFirst));
    await project();
    expect(queued).toEqual([]);
  });
});
