import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../domain/history/entries-of.ts';
import { type EndedCommand, finalCommandStates } from '../../../domain/kernel/ended-command.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { fold } from '../../../domain/station/fold.ts';
import { factsOf } from '../../../ocpp/facts-of.ts';
import { presentEntry } from '../../../use-cases/query-history/present.ts';

const endedAt = Date.UTC(2026, 10, 20, 12);

const command: EndedCommand = {
  ...{ commandId: 'c1', action: 'RemoteStartTransaction', ocpp: '1.6', state: 'Accepted', origin: 'outside' },
  ...{ by: 'olga', why: 'a driver called', requestedAt: endedAt - 2_000, sentAt: endedAt - 1_000 },
  ...{ payload: '{"idTag":"SECRET"}', reply: '{"status":"Accepted"}', reason: 'Accepted' },
};

/** The lines of the timeline that the record of an ended command leaves. */
const linesOf = (ended: EndedCommand) => {
  const { facts } = factsOf({ kind: 'command', stationId: 'S1', receivedAt: endedAt, command: ended });
  const { station } = fold({ stationId: 'S1', station: {}, connectors: [] }, { guard: guardOf('00', '1'), facts });
  return entriesOf('S1', station?.changes ?? []);
};

describe('the line of an ended command on the timeline', () => {
  it.each(finalCommandStates)('says of %s who asked, why, what was sent, what came back, and when', (state) => {
    const [line, ...others] = linesOf({ ...command, state });
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      ...{ subject: 'S1', at: endedAt, kind: 'command', title: `RemoteStartTransaction ${state}` },
      detail: { ...command, state },
    });
  });

  it('is there of a command that was never sent', () => {
    const { sentAt: _, reply: __, reason: ___, ...unsent } = { ...command, state: 'Expired' as const };
    expect(linesOf(unsent).map(({ detail }) => Object.keys(detail).includes('sentAt'))).toEqual([false]);
  });

  it('hides the tag it was sent with from viewers', () => {
    const [line] = linesOf(command);
    const shown = (showsTags: boolean) => JSON.stringify(line && presentEntry(line, showsTags));
    expect([shown(true).includes('SECRET'), shown(false).includes('SECRET')]).toEqual([true, false]);
  });

  it('hides from everybody the secret that one of an earlier version holds', () => {
    const payload = '{"key":"AuthorizationKey","value":"SECRET"}';
    const [line] = linesOf({ ...command, action: 'ChangeConfiguration', payload });
    const shown = [true, false].map((showsTags) => line && JSON.parse(presentEntry(line, showsTags).detail).payload);
    expect(shown).toEqual([true, false].map(() => '{"key":"AuthorizationKey","value":"(hidden)"}'));
  });

  it('hides it where the payload is too long for a timeline', () => {
    const list = Array.from({ length: 200 }, (_, index) => ({ idTag: `SECRET${index}` }));
    const payload = JSON.stringify({ listVersion: 1, updateType: 'Full', localAuthorizationList: list });
    const [line] = linesOf({ ...command, action: 'SendLocalList', payload });
    expect(JSON.stringify(line && presentEntry(line, false))).not.toContain('SECRET');
  });
});
