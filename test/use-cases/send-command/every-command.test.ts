import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../ocpp/commands-of.ts';
import { messageIdOf } from '../../fakes/wire.ts';
import { exampleReply, exampleRequest, repliesByStatus } from '../../ocpp/schemas.ts';
import { administrator, givenStation } from './given-station.ts';

const everyCommand = (
  [
    ['v16', '1.6'],
    ['v201', '2.0.1'],
    ['v21', '2.1'],
  ] as const
).flatMap(([schema, ocpp]) => [...commandsOf(ocpp).values()].map((command) => ({ schema, ocpp, command })));

/** Every operation the CSMS may initiate: on the wire as asked for, and its outcome read back. */
describe.each(everyCommand)('$ocpp $command.name', ({ schema, ocpp, command }) => {
  const asked = async () => {
    const station = givenStation(ocpp);
    // The same text on the wire, to the byte: spaces included.
    const payload = JSON.stringify(exampleRequest(schema, command.name, false), undefined, 1);
    const options = { confirm: true, expiresAt: station.time.now + 600_000 };
    const { command: taken, state } = await station.request(command.name, payload, options, administrator);
    const [frame = ''] = station.wire.sent.map((sent) => sent.frame);
    return { station, payload, commandId: taken.commandId, state, frame, messageId: messageIdOf(frame) };
  };

  it('goes on the wire unchanged', async () => {
    const { frame, state, payload, messageId } = await asked();
    expect([state, frame]).toEqual(['Sent', `[2,"${messageId}","${command.name}",${payload}]`]);
  });

  it('is accepted', async () => {
    const { station, commandId, messageId } = await asked();
    const replies = [exampleReply(schema, command.name, false)].concat(
      repliesByStatus(schema, command.name).map(({ reply }) => reply),
    );
    const reply = replies.find((one) => command.outcome(one).result === 'Accepted');
    expect(await station.say([3, messageId, reply])).toEqual({ commandId });
    const record = await station.mailboxes.find('S1', commandId);
    expect([record?.state, record?.reply]).toEqual(['Accepted', JSON.stringify(reply)]);
  });

  it('has the outcome its reply says, whatever the status', async () => {
    for (const { reply } of repliesByStatus(schema, command.name)) {
      const { station, commandId, messageId } = await asked();
      await station.say([3, messageId, reply]);
      expect(await station.stateOf(commandId)).toBe(command.outcome(reply).result);
    }
  });

  it.each([
    ['NotSupported', 'NotSupported'],
    ['NotImplemented', 'NotSupported'],
    ['InternalError', 'Failed'],
  ])('answered with the error %s is %s', async (code, state) => {
    const { station, commandId, messageId } = await asked();
    await station.say([4, messageId, code, 'why', {}]);
    expect(await station.stateOf(commandId)).toBe(state);
  });

  it('answered with nonsense has failed', async () => {
    const { station, commandId, messageId } = await asked();
    await station.say([3, messageId, 7]);
    expect(await station.stateOf(commandId)).toBe('Failed');
  });

  it('is timed out when no answer came in time', async () => {
    const { station, commandId } = await asked();
    station.time.now += command.timeoutMs - 1;
    await station.wake.woken('S1');
    expect(await station.stateOf(commandId)).toBe('Sent');
    station.time.now += 1;
    await station.wake.woken('S1');
    expect(await station.stateOf(commandId)).toBe('TimedOut');
  });

  it('is on the wire once after its connection was lost, or again where that does no harm', async () => {
    const { station, commandId, payload } = await asked();
    station.connect(undefined);
    await station.wake.disconnected('S1', 'c1');
    const isOnce = command.kind === 'one-shot' || command.isOnce?.(JSON.parse(payload)) === true;
    expect(await station.stateOf(commandId)).toBe(isOnce ? 'Unknown' : 'Queued');
  });
});
