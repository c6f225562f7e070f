import { describe, expect, it } from 'vitest';
import type { CommandAnswered, DeviceEventReported } from '../../../domain/kernel/fact.ts';
import { given } from '../../support/given.ts';
import { noon, said } from '../../support/station-days.ts';

const answered = (payload: string): CommandAnswered => ({
  ...said(noon),
  type: 'CommandAnswered',
  outcome: 'result',
  status: 'Accepted',
  payload,
});
const event = (index: number): DeviceEventReported => ({
  ...said(noon),
  type: 'DeviceEventReported',
  component: 'Connector',
  variable: 'Temperature',
  value: String(index),
});

describe('a note', () => {
  it('holds an answer as it came', () => {
    const { changes } = given(answered('{"status":"Accepted"}'));
    expect(changes).toEqual([
      {
        id: `S1.m${noon}.${noon.toString(36)}.0`,
        type: 'StationEventRecorded',
        at: noon,
        receivedAt: noon + 300,
        topic: 'CommandAnswered',
        detail: { outcome: 'result', status: 'Accepted', payload: '{"status":"Accepted"}' },
      },
    ]);
  });

  it('says how many were left out of a message with very many events', () => {
    const { changes } = given(Array.from({ length: 1000 }, (_, index) => event(index)));
    expect(changes).toHaveLength(251);
    expect(changes.at(-1)).toMatchObject({
      topic: 'EventsLeftOut',
      detail: { topic: 'DeviceEventReported', recorded: 250 },
    });
  });
});
