import { describe, expect, it } from 'vitest';
import { isOwed } from '../../../domain/demand-response/is-owed.ts';
import type { SentCap } from '../../../domain/demand-response/sent-cap.ts';
import { emptyPlan, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const planned = plannedStation(10_000);
const sent: SentCap = { capW: 30_000, endAt: 900, answer: 'accepted', at: 10 };
const returned: SentCap = { ...sent, endAt: 100, heldUntil: 900 };
const plan: ZonePlan = {
  ...emptyPlan('north'),
  rev: 1,
  decidedAt: 100,
  signals: [{ signalId: 'dr', version: 1, type: 'CURTAIL', priority: 2, targetW: 10_000, endAt: 900 }],
};

describe('what a station is owed', () => {
  it.each([
    ['its cap, before it was sent any', {}, true],
    ['nothing, when it holds what is asked', { sent }, false],
    ['its cap, when it holds another', { sent: { ...sent, capW: 20_000 } }, true],
    ['its cap, when the event ends at another time than it was told', { sent: { ...sent, endAt: 800 } }, true],
    ['nothing, while it is offline', { sent: { ...sent, answer: 'unreachable' } }, false],
    [
      'nothing, while nothing is known of it but that nothing charges',
      { sent: { ...sent, answer: 'unreachable' }, measuredW: 0 },
      false,
    ],
    ['nothing more, when it rejects its cap', { sent: { ...sent, answer: 'rejected' }, measuredW: 40_000 }, false],
  ] as const)('is %s', (_, fields, expected) => {
    expect(isOwed(plan, { ...planned, ...fields })).toBe(expected);
  });

  it.each([
    ['its return, when its event is over before the time it was told', { sent }, true],
    ['nothing, when what it holds is over', { sent: { ...sent, endAt: 100 } }, false],
    ['nothing, when it was sent nothing', {}, false],
    ['nothing more, while its return is under way', { sent: { ...returned, answer: 'sent' } }, false],
    ['nothing more, when it accepted its return', { sent: returned }, false],
    ['its return again, when it did not answer that', { sent: { ...returned, answer: 'silent' } }, true],
    ['its return again, when that was refused for a moment', { sent: { ...returned, answer: 'refused' } }, true],
    [
      'nothing more, when it has not answered its return for a quarter of an hour',
      { sent: { ...returned, endAt: 100 - 900_000, answer: 'silent' } },
      false,
    ],
    [
      'its return again, however long it was offline',
      { sent: { ...returned, endAt: 100 - 900_000, answer: 'unreachable' } },
      true,
    ],
    [
      'nothing more, when its limit is over by itself',
      { sent: { ...returned, answer: 'silent', heldUntil: 90 } },
      false,
    ],
    ['nothing more, when it rejects its return', { sent: { ...returned, answer: 'rejected' } }, false],
    [
      'nothing more, when its return cannot be sent at all',
      { sent: { ...sent, endAt: 100, answer: 'refused' } },
      false,
    ],
  ] as const)('is %s', (_, fields, expected) => {
    expect(isOwed({ ...plan, signals: [] }, { ...planned, ...fields })).toBe(expected);
  });
});
