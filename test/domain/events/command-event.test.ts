import { describe, expect, it } from 'vitest';
import { stationEvents } from '../../../domain/events/station-events.ts';
import { finalCommandStates } from '../../../domain/kernel/ended-command.ts';
import { detailFaults } from '../../events/schemas.ts';

const ended = (detail: Readonly<Record<string, unknown>>) =>
  stationEvents(
    'S1',
    [
      {
        id: 'S1.c.1.0',
        type: 'StationEventRecorded',
        at: 2_000,
        receivedAt: 2_000,
        topic: 'CommandEnded',
        detail: { commandId: 'c', action: 'Reset', by: 'olga', origin: 'outside', requestedAt: 1_000, ...detail },
      },
    ],
    { siteId: 'site', zoneId: 'zone', region: 'region' },
  );

describe('the events of commands', () => {
  it.each([
    ['outside', ['Accepted', 'Rejected', 'Rejected', 'Rejected', 'TimedOut', 'TimedOut', undefined, 'Expired']],
    ['internal', [undefined, 'Rejected', 'Rejected', 'Rejected', 'TimedOut', 'TimedOut', undefined, undefined]],
  ])('tell how those end that were asked for from %s', (origin, told) => {
    const types = finalCommandStates.map((state) => ended({ state, origin })[0]?.type.replace('Command', ''));
    expect(types).toEqual(told);
  });

  it.each(finalCommandStates.filter((state) => state !== 'Superseded'))('fit their schema: %s', (state) => {
    const long = { beginning: '{"a":', characters: 9_000 };
    for (const detail of [{ state }, { state, sentAt: 1_500, reason: 'x', payload: '{}', reply: long, why: 'because' }])
      for (const event of ended(detail)) expect(detailFaults(event.type, event.detail)).toEqual([]);
  });
});
