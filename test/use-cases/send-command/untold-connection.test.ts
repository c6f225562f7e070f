import { describe, expect, it } from 'vitest';
import { fold } from '../../../domain/station/fold.ts';
import { encodeEnvelope } from '../../../ocpp/frames/parse-envelope.ts';
import type { WakeUp } from '../../../use-cases/ports/commands/wake-queue.ts';
import { aggregateCache } from '../../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../../use-cases/project-state/record-of.ts';
import { answerWakeUp } from '../../../use-cases/send-command/answer-wake-up.ts';
import { trackConnection } from '../../../use-cases/track-connection/track-connection.ts';
import { fakeSceneStore } from '../../fakes/aggregate-store.ts';
import { fakeOcppStream } from '../../fakes/ocpp-stream.ts';
import { registration } from '../../fakes/registration.ts';
import { fakeStationConnectivity } from '../../fakes/station-connectivity.ts';
import { fakeStationRegistry } from '../../fakes/station-registry.ts';
import { defaultLimit } from '../../support/default-limit.ts';
import { connectionTo, givenStation } from './given-station.ts';

const limit = defaultLimit('W', 4000);

/** A station that is offline while a limit is set, and everything that hears of its next connection. */
const givenWaitingLimit = async () => {
  const station = givenStation();
  station.connect(undefined);
  const { command } = await station.request('SetChargingProfile', limit);
  // The wake-up for a connection that is just being opened finds none.
  station.time.now += 10_000;
  await station.wake.woken('S1');
  const stream = fakeOcppStream();
  const wakeUps: WakeUp[] = [];
  const out = () => Promise.reject(new Error('TimeoutError'));

  type Opening = { readonly isMailboxOut: boolean; readonly openedAt?: number };
  const connect = async ({ isMailboxOut, openedAt = station.time.now }: Opening) => {
    const connection = connectionTo(2, '1.6', openedAt);
    const { connected, disconnected } = station.wake;
    const track = trackConnection({
      connectivity: fakeStationConnectivity('S1'),
      registry: fakeStationRegistry(registration({ stationId: 'S1' })),
      stream,
      sockets: { close: async () => {} },
      mailbox: { connected: isMailboxOut ? out : connected, disconnected },
      warn: () => {},
    });
    station.connect(connection);
    return track.connect({
      ...{ stationId: 'S1', connectionId: connection.connectionId, connectedAt: openedAt },
      ...{ verdict: 'known', ocpp: '1.6', admission: 'accepted' },
    });
  };
  /** One delivery of the stream to project-state. */
  const project = async (): Promise<void> => {
    const run = projectState({
      store: fakeSceneStore([registration({ stationId: 'S1' })]),
      cache: aggregateCache(1),
      fold,
      queue: { schedule: async (more) => void wakeUps.push(...more), settle: out },
    });
    const records = stream.records.flatMap((envelope, index) => {
      const record = recordOf('0', encodeEnvelope(envelope), String(index + 1), () => {});
      return record === undefined ? [] : [record.value];
    });
    await run(records, 'S1');
  };
  const wake = async (): Promise<void> => {
    const queue = { schedule: out, settle: out };
    const answer = answerWakeUp({ ...station.ports, mailbox: station.wake, settle: station.settle, queue });
    for (const wakeUp of wakeUps) {
      station.time.now = wakeUp.dueAt;
      await answer(wakeUp);
    }
  };
  return { station, connect, project, wake, wakeUps, state: () => station.stateOf(command.commandId) };
};

describe('a connection that its mailbox could not be told of', () => {
  it('is let in, and what waits for the station is sent on it as soon as the mailbox can be asked', async () => {
    const { station, connect, project, wake, state } = await givenWaitingLimit();
    expect((await connect({ isMailboxOut: true })).statusCode).toBe(200);
    await project();
    await wake();
    expect([await state(), station.wire.sent.length]).toEqual(['Sent', 1]);
  });

  it('is the only one that costs something behind the stream', async () => {
    const { connect, project, wakeUps } = await givenWaitingLimit();
    await connect({ isMailboxOut: false });
    await project();
    expect(wakeUps).toEqual([]);
  });
});

describe('a connection that its mailbox is told of late', () => {
  it('gets what waits for the station, once, after it was told of', async () => {
    const { station, connect, state } = await givenWaitingLimit();
    const openedAt = station.time.now;
    station.time.now += 2_500; // a cold start, or a slow table: the gateway says when the connection was opened
    expect((await connect({ isMailboxOut: false, openedAt })).statusCode).toBe(200);
    expect([await state(), station.wire.sent.length]).toEqual(['Queued', 0]);
    station.time.now += 2_000;
    await station.wake.woken('S1');
    expect([await state(), station.wire.sent.length]).toEqual(['Sent', 1]);
  });
});
