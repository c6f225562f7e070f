import { describe, expect, it } from 'vitest';
import { CallFailed } from '../../../simulator/charge-point/connection/call-failed.ts';
import { messageQueue, type QueuedCall } from '../../../simulator/charge-point/connection/message-queue.ts';
import { systemClock, virtualClock } from '../../../simulator/clock.ts';
import { traffic } from '../../../simulator/traffic.ts';

/** A CSMS that does with each call what the script says next. */
const scripted = (...script: ('ok' | 'refused' | 'timeout' | 'cut')[]) => {
  const calls: string[] = [];
  const counted = traffic();
  const clock = virtualClock(0);
  const box = messageQueue({
    call: async (action) => {
      calls.push(action);
      const fate = script.shift() ?? 'ok';
      if (fate === 'ok') return {};
      throw new CallFailed(fate, 'test');
    },
    traffic: counted,
    retryMs: 1000,
    clock,
  });
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  return { box, calls, counted, pass };
};
const message = (action: string, transactional: boolean, rest: Partial<QueuedCall> = {}): QueuedCall => ({
  action,
  payload: () => ({}),
  transactional,
  ...rest,
});

describe('the queue of a station', () => {
  it('sends one after the other, in order', async () => {
    const { box, calls } = scripted();
    for (const action of ['a', 'b', 'c']) box.post(message(action, true));
    box.connected();
    await box.drained();
    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('keeps transaction messages while it is offline and drops all others', async () => {
    const { box, calls } = scripted();
    const dropped: string[] = [];
    box.post(message('status', false, { dropped: () => dropped.push('status') }));
    box.post(message('start', true));
    box.connected();
    await box.drained();
    expect({ calls, dropped }).toEqual({ calls: ['start'], dropped: ['status'] });
  });

  it('leaves a socket that is closing time to close, and goes on with the next one', async () => {
    const { box, calls, pass } = scripted('cut', 'cut');
    box.connected();
    box.post(message('start', true));
    await pass(10);
    expect(calls).toEqual(['start']);
    box.disconnected();
    box.connected();
    await pass(10);
    expect(calls).toEqual(['start', 'start']);
    await pass(1000);
    expect({ calls, left: box.size() }).toEqual({ calls: ['start', 'start', 'start'], left: 0 });
  });

  it('sends a refused transaction message again, before anything behind it, and gives up after five times', async () => {
    const { box, calls, counted, pass } = scripted('refused', 'timeout', 'refused', 'refused', 'refused');
    box.connected();
    box.post(message('start', true));
    box.post(message('stop', true));
    await pass(60_000);
    expect(calls).toEqual(['start', 'start', 'start', 'start', 'start', 'stop']);
    expect(counted.read()).toMatchObject({ retried: 4, abandoned: 1 });
  });

  it('sends again what was cut off, once it is connected again', async () => {
    const { box, calls, counted, pass } = scripted('cut');
    box.connected();
    box.post(message('start', true));
    box.disconnected();
    await pass(10_000);
    expect(calls).toEqual(['start']);
    box.connected();
    await box.drained();
    expect(calls).toEqual(['start', 'start']);
    expect(counted.read()).toMatchObject({ retried: 0, abandoned: 0 });
  });

  it('lets only what is posted first pass while it is held', async () => {
    const { box, calls, pass } = scripted();
    box.connected();
    box.hold(true);
    box.post(message('status', false));
    box.postFirst(message('boot', false));
    await pass(100);
    expect(calls).toEqual(['boot']);
    box.hold(false);
    await box.drained();
    expect(calls).toEqual(['boot', 'status']);
  });

  it('builds a payload when it is sent, not when it is posted', async () => {
    const sent: unknown[] = [];
    const box = messageQueue({
      call: async (_action, payload) => {
        sent.push(payload);
        return { transactionId: 7 };
      },
      traffic: traffic(),
      retryMs: 1000,
      clock: systemClock,
    });
    const learned: unknown[] = [];
    box.post(message('start', true, { answered: (answer) => learned.push(answer.transactionId) }));
    box.post(message('meter', true, { payload: () => ({ transactionId: learned[0] }) }));
    box.connected();
    await box.drained();
    expect(sent).toEqual([{}, { transactionId: 7 }]);
  });
});
