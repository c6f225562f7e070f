import { describe, expect, it } from 'vitest';
import { serveCommands } from '../../../use-cases/serve-commands/serve-commands.ts';
import { withoutTags } from '../../../use-cases/serve-commands/without-tags.ts';
import { messageIdOf } from '../../fakes/wire.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = () => {
  const station = givenStation();
  const fields = serveCommands(station.ports);
  const ask = (field: string, args: object, caller?: string): Promise<unknown> =>
    fields[field]?.({ ...args }, caller) ?? Promise.reject(new Error(`No field ${field}`));
  return { station, ask };
};

const start = { stationId: 'S1', action: 'RemoteStartTransaction', payload: '{"idTag":"T1"}' };

describe('the fields about commands', () => {
  it('send as the identity that asks, and show how the command stands', async () => {
    const { station, ask } = setUp();
    const sent = await ask('sendCommand', { ...start, why: 'a driver called' }, 'arn:olga');
    expect(sent).toMatchObject({ state: 'Sent', by: 'arn:olga', why: 'a driver called', payload: start.payload });
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    const id = String(Object(sent).id);
    expect(await ask('command', { id }, 'arn:olga')).toMatchObject({ state: 'Accepted', payload: start.payload });
    expect(await ask('command', { id })).toMatchObject({ state: 'Accepted', payload: '{"idTag":"(hidden)"}' });
    expect(await ask('commands', { stationId: 'S1' })).toMatchObject({ items: [{ id }] });
  });

  it('send nothing for nobody', async () => {
    const { station, ask } = setUp();
    await expect(ask('sendCommand', start)).rejects.toThrow('IAM identity');
    expect(station.wire.sent).toEqual([]);
  });

  it.each([
    ['NotFound', { stationId: 'nobody' }],
    ['Rejected', { payload: '{' }],
    ['CommandRefused', { action: 'Nonsense', payload: '{}' }],
    ['Rejected', { expiresInSeconds: 0 }],
  ])('say %s to %j', async (name, over) => {
    const { ask } = setUp();
    const refused = await ask('sendCommand', { ...start, ...over }, 'arn:olga').catch((error: Error) => error);
    expect(Object(refused).name).toBe(name === 'Rejected' && 'payload' in over ? 'CommandRefused' : name);
  });

  it('say Conflict of a station that is offline', async () => {
    const { station, ask } = setUp();
    station.connect(undefined);
    await expect(ask('sendCommand', start, 'arn:olga')).rejects.toMatchObject({ name: 'Conflict' });
  });

  it.each(['none', 'S1/none', 'S1/0mfabcdef-x'])('know no command %s', async (id) => {
    expect(await setUp().ask('command', { id })).toBeNull();
  });
});

describe('text without tags', () => {
  it.each([
    ['{"idTag":"T","a":[{"parentIdTag":"P"}]}', '{"idTag":"(hidden)","a":[{"parentIdTag":"(hidden)"}]}'],
    ['{"idToken":{"idToken":"T","type":"Local"}}', '{"idToken":{"idToken":"(hidden)","type":"Local"}}'],
    ['{"limit":16}', '{"limit":16}'],
    ['no JSON', '"(hidden)"'],
  ])('%s is %s', (text, hidden) => {
    expect(withoutTags(text)).toBe(hidden);
  });
});
