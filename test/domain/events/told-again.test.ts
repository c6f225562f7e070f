import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../domain/events/published-event.ts';
import type { Fact } from '../../../domain/kernel/fact.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import { started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';

const sessions = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'];
const startOf = (index: number): Fact => started(index * 10, { transactionId: `T${index + 1}` });
const stopOf = (index: number): Fact => stopped(index * 10 + 5, { transactionId: `T${index + 1}`, meterStopWh: 2000 });
const day = sessions.flatMap((_, index) => [startOf(index), stopOf(index)]);
/** The same messages, received once more in the evening. */
const again = (fact: Fact): Fact => ({ ...fact, receivedAt: fact.at + 10 * 3_600_000, messageId: 'again' });

/** Ids of the starts and ends that are told, as often as they are. */
const idsOf = (changes: readonly StateChange[], type: StateChange['type']): readonly string[] =>
  changes.filter((change) => change.type === type).map((change) => eventIdOf('S1', change));

describe('sessions whose messages come again after their connector has forgotten them', () => {
  it.each([
    ['start and stop', [again(startOf(0)), again(stopOf(0))]],
    ['the stop alone, which fits no session any more', [again(stopOf(0))]],
  ])('carry the ids they had: %s', (_what, repeats) => {
    const { changes } = given(...day, ...repeats);
    expect(idsOf(changes, 'SessionEnded').length).toBe(sessions.length + 1);
    expect(new Set(idsOf(changes, 'SessionEnded')).size).toBe(sessions.length);
    expect(new Set(idsOf(changes, 'SessionBegan')).size).toBe(sessions.length);
  });

  it('are told apart where a charger uses its transaction ids again', () => {
    const other = [startOf(0), stopOf(0)].map(
      (fact): Fact => ({ ...fact, at: fact.at + 3_600_000, receivedAt: fact.receivedAt + 3_600_000 }),
    );
    const { changes } = given(startOf(0), stopOf(0), ...other);
    expect(new Set(idsOf(changes, 'SessionEnded')).size).toBe(2);
    expect(new Set(idsOf(changes, 'SessionBegan')).size).toBe(2);
  });
});
