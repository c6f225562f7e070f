import { describe, expect, it } from 'vitest';
import { PER_CALLER_AND_MINUTE } from '../../../domain/commands/rate-window.ts';
import { type FieldCaller, NotPermitted } from '../../../use-cases/ports/field.ts';
import { serveCommands } from '../../../use-cases/serve-commands/serve-commands.ts';
import { administrator, operator, viewer } from '../../fakes/callers.ts';
import { messageIdOf } from '../../fakes/wire.ts';
import { connectionTo, givenStation } from '../send-command/given-station.ts';

const setUp = () => {
  const station = givenStation();
  const fields = serveCommands(station.ports);
  const ask = (field: string, args: object, caller: FieldCaller = viewer): Promise<unknown> =>
    fields[field]?.({ ...args }, caller) ?? Promise.reject(new Error(`No field ${field}`));
  return { station, ask };
};

const start = { stationId: 'S1', action: 'RemoteStartTransaction', payload: '{"idTag":"T1"}' };

const firmware = '{"location":"https://firmware.example/1","retrieveDate":"2026-11-22T00:00:00Z"}';

describe('the fields about commands', () => {
  it('send as the identity that asks, and show how the command stands', async () => {
    const { station, ask } = setUp();
    const sent = await ask('sendCommand', { ...start, why: 'a driver called' }, operator);
    expect(sent).toMatchObject({ state: 'Sent', by: 'olga', why: 'a driver called', payload: start.payload });
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    const id = String(Object(sent).id);
    expect(await ask('command', { id }, operator)).toMatchObject({ state: 'Accepted', payload: start.payload });
    expect(await ask('command', { id })).toMatchObject({ state: 'Accepted', payload: '{"idTag":"(hidden)"}' });
    expect(await ask('commands', { stationId: 'S1' })).toMatchObject({ items: [{ id }] });
  });

  it.each([
    ['sendCommand', start],
    ['remoteStart', { stationId: 'S1', tag: 'T1' }],
    ['setLimit', { stationId: 'S1', evseId: 1, limitW: 11_000 }],
  ])('send a request with a name once, however often its caller asks: %s', async (field, args) => {
    const { station, ask } = setUp();
    const named = { ...args, requestId: 'order-1' };
    const idOf = async (more: object, caller = operator) => {
      station.time.now += 1_000;
      return String(Object(await ask(field, { ...named, ...more }, caller)).id);
    };
    const first = await idOf({});
    await station.say([3, messageIdOf(station.wire.sent[0]?.frame ?? ''), { status: 'Accepted' }]);
    expect([await idOf({}), await idOf({ why: 'again' }), station.wire.sent.length]).toEqual([first, first, 1]);
    station.connect(undefined);
    expect(await idOf({})).toBe(first);
    station.connect(connectionTo(1));
    const others = [
      await idOf({ requestId: 'order-2' }),
      await idOf({}, administrator),
      await idOf({ requestId: null }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it('tell of a request with a name how it stands although it would be refused by now', async () => {
    const { station, ask } = setUp();
    const validTo = new Date(station.time.now + 60_000).toISOString();
    const limit = { stationId: 'S1', evseId: 1, limitW: 11_000, validTo, requestId: 'order-1' };
    const first = await ask('setLimit', limit, operator);
    station.time.now += 61_000;
    const over = await ask('setLimit', limit, operator);
    await expect(ask('setLimit', { ...limit, requestId: 'order-2' }, operator)).rejects.toThrow('InvalidProfile');
    const { mailboxes } = station;
    const contact = await mailboxes.loadWithContact('S1');
    if (contact.contact) mailboxes.contacts.set('S1', { ...contact.contact, admission: 'rejected' });
    expect([over, await ask('setLimit', limit, operator), station.wire.sent.length]).toEqual([first, first, 1]);
  });

  it('take a request under its name later that was refused at first', async () => {
    const { station, ask } = setUp();
    station.connect(undefined);
    const named = { ...start, requestId: 'order-1' };
    await expect(ask('sendCommand', named, operator)).rejects.toMatchObject({ name: 'Conflict' });
    station.connect(connectionTo(1));
    expect(await ask('sendCommand', named, operator)).toMatchObject({ state: 'Sent' });
  });

  it.each([
    [viewer, start],
    [operator, { stationId: 'S1', action: 'UpdateFirmware', payload: firmware, confirm: true }],
  ])('send nothing for %o whose role does not include %o', async (caller, args) => {
    const { station, ask } = setUp();
    await expect(ask('sendCommand', args, caller)).rejects.toThrow(NotPermitted);
    expect(station.wire.sent).toEqual([]);
  });

  it('send new firmware for an administrator', async () => {
    const { station, ask } = setUp();
    const args = { stationId: 'S1', action: 'UpdateFirmware', payload: firmware, confirm: true };
    expect(await ask('sendCommand', args, administrator)).toMatchObject({ state: 'Sent', by: 'ada' });
    expect(station.wire.sent).toHaveLength(1);
  });

  it.each([
    ['NotFound', { stationId: 'nobody' }],
    ['Rejected', { payload: '{' }],
    ['CommandRefused', { action: 'Nonsense', payload: '{}' }],
    ['Rejected', { expiresInSeconds: 0 }],
  ])('say %s to %j', async (name, over) => {
    const { ask } = setUp();
    const refused = await ask('sendCommand', { ...start, ...over }, operator).catch((error: Error) => error);
    expect(Object(refused).name).toBe(name === 'Rejected' && 'payload' in over ? 'CommandRefused' : name);
  });

  it('say Conflict of a station that is offline', async () => {
    const { station, ask } = setUp();
    station.connect(undefined);
    await expect(ask('sendCommand', start, operator)).rejects.toMatchObject({ name: 'Conflict' });
  });

  it('say Conflict to whoever asks more often than a caller may in a minute', async () => {
    const { station, ask } = setUp();
    const often = async () => {
      for (let count = 0; count <= PER_CALLER_AND_MINUTE; count += 1) {
        station.time.now += 1;
        await ask('sendCommand', { stationId: 'S1', action: 'ClearCache' }, operator);
      }
    };
    await expect(often()).rejects.toMatchObject({ name: 'Conflict', message: expect.stringContaining('RateLimited') });
  });

  it.each([
    ['sendCommand', { ...start, stationId: 'S'.repeat(2_049) }],
    ['setLimit', { stationId: 'S'.repeat(2_049), evseId: 1, limitW: 11_000 }],
    ['commands', { stationId: 'S'.repeat(2_049) }],
    ['command', { id: `${'S'.repeat(2_049)}/0mfabcdef-x` }],
  ])('say to %s that what is named is too long for any store', async (field, args) => {
    await expect(setUp().ask(field, args, operator)).rejects.toMatchObject({ name: 'Rejected' });
  });

  it.each(['none', 'S1/none', 'S1/0mfabcdef-x', `${'S'.repeat(49)}/0mfabcdef-x`])('know no command %s', async (id) => {
    expect(await setUp().ask('command', { id })).toBeNull();
  });
});
