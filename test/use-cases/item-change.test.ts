import { describe, expect, it } from 'vitest';
import { stationChange } from '../../use-cases/ports/item-change.ts';
import { writtenItem } from '../../use-cases/record-history/written-item.ts';
import { minute, stationState } from '../domain/alerts/fixtures.ts';

const skew = { type: 'ClockSkewLearned', id: 'c1', at: minute(1), receivedAt: minute(1), offsetMs: 5_000 } as const;
const state = stationState({ rev: 7, outbox: [skew] });
const item = { stationId: state.stationId, state };

describe('a write of a station’s item', () => {
  it('says what it decided when it raised the revision', () => {
    const before = { ...item, state: { ...state, rev: 6, outbox: [] } };
    expect([stationChange(before, item), stationChange(undefined, item)]).toMatchObject([
      { changes: [skew] },
      { changes: [skew] },
    ]);
  });

  it('says nothing again when the gateway or the operator wrote beside the last outbox', () => {
    const heartbeat = stationChange(item, { ...item, lastSeenAt: minute(2) });
    expect([heartbeat, writtenItem(heartbeat)]).toMatchObject([{ changes: [] }, undefined]);
  });

  it('says nothing while nothing was folded', () => {
    expect(stationChange(undefined, { stationId: 'CS-1', lastSeenAt: minute(2) })).toMatchObject({ changes: [] });
  });
});
