import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actuate, type LimitCommand } from '../../../domain/charging/actuate.ts';
import { allocate } from '../../../domain/charging/allocate.ts';
import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import {
  committedW,
  heldW,
  type LimitState,
  unresponsiveUntil,
  usualPolicy,
} from '../../../domain/charging/limit-state.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';

const MINUTE_MS = 60_000;
const now = Date.UTC(2026, 10, 21, 12);

/** What is known after a command was handed over for sending. */
const sent = (state: LimitState, { limitW, validUntil, change }: LimitCommand, at: number): LimitState => ({
  ...state,
  inFlight: { limitW, validUntil, sentAt: at },
  ...(change === 'increase' && { raisedAt: at }),
});

/** What is known after the station answered the command that was in flight. */
const answered = (state: LimitState, answer: 'accepted' | 'refused', at: number): LimitState => {
  const { inFlight, refused: _, ...rest } = state;
  if (inFlight === undefined) return state;
  const { limitW, validUntil } = inFlight;
  return answer === 'accepted'
    ? { ...rest, accepted: { limitW, at, ...omitUndefined({ validUntil }) } }
    : { ...rest, refused: { limitW, at } };
};

/** What to reserve for a session whose station does not do as told, W. */
const reservationW = (state: LimitState, at: number): number | undefined =>
  unresponsiveUntil(state, at, usualPolicy) === undefined ? undefined : committedW(state, at);

const site = (budgetW: number, limits: readonly LimitState[], at = now, feederW?: number): AllocationProblem => ({
  site: { limitW: budgetW, load: { kind: 'measured', siteW: 0, chargingW: 0 } },
  strategy: 'equal',
  sessions: limits
    .filter((state) => reservationW(state, at) === undefined)
    .map(({ id }) => ({ id, minW: 4140, upperBounds: [{ by: 'rating', powerW: 22_000 }] })),
  reserved: limits.flatMap((state) => {
    const reservedW = reservationW(state, at);
    return reservedW === undefined ? [] : [{ id: state.id, reservedW }];
  }),
  ...(feederW === undefined
    ? {}
    : { circuits: [{ id: 'F', kind: 'feeder', limitW: feederW, members: limits.slice(0, 2).map(({ id }) => id) }] }),
});

const holding = (id: string, limitW: number, more: Partial<LimitState> = {}): LimitState => ({
  id,
  fallbackW: 0,
  accepted: { limitW, at: now - 5 * MINUTE_MS, validUntil: now + 14 * MINUTE_MS },
  ...more,
});

const plan = (budgetW: number, limits: readonly LimitState[], feederW?: number) =>
  actuate({ allocation: allocate(site(budgetW, limits, now, feederW)), limits, now });

const brief = (commands: readonly LimitCommand[]) => commands.map(({ id, limitW, change }) => [id, limitW, change]);

describe('sending limits', () => {
  it('sends the decrease first and keeps the increase that needs its room until it is accepted', () => {
    const limits = [holding('a', 20_000), holding('b', 0)];
    const first = plan(20_000, limits);
    expect({ commands: brief(first.commands), held: first.held }).toEqual({
      commands: [['a', 10_000, 'decrease']],
      held: [{ id: 'b', limitW: 10_000, because: 'awaits-decreases' }],
    });
    const afterwards = limits.map((state) => {
      const command = first.commands.find(({ id }) => id === state.id);
      return command === undefined ? state : answered(sent(state, command, now), 'accepted', now);
    });
    expect(brief(plan(20_000, afterwards).commands)).toEqual([['b', 10_000, 'increase']]);
  });

  it('keeps the limit of a feeder too while decreases are on their way', () => {
    const limits = [holding('a', 10_000), holding('b', 5000), holding('c', 5000)];
    expect(brief(plan(60_000, limits, 15_000).commands)).toEqual([
      ['a', 7500, 'decrease'],
      ['c', 22_000, 'increase'],
    ]);
  });

  it('lets limits stand that lie near their shares while the limit of the site holds and is used', () => {
    const limits = [holding('a', 10_900), holding('b', 9_300), holding('c', 9_700)];
    expect(plan(30_000, limits)).toMatchObject({
      commands: [],
      held: [{ because: 'stands' }, { because: 'stands' }, { because: 'stands' }],
    });
  });

  it('lets who has more than its share keep it until somebody needs the room', () => {
    const limits = [holding('a', 13_000), holding('b', 7_500), holding('c', 9_500)];
    expect(plan(30_000, limits).commands).toEqual([]);
    const short = [holding('a', 13_000), holding('b', 7_000), holding('c', 9_500)];
    expect(plan(30_000, short)).toMatchObject({
      commands: [{ id: 'a', limitW: 10_440, change: 'decrease' }],
      held: [
        { id: 'b', because: 'awaits-decreases' },
        { id: 'c', because: 'stands' },
      ],
    });
  });

  it('takes what a car cannot use from it at once while others are short, and lets it stand otherwise', () => {
    const allocated = (budgetW: number) =>
      allocate({
        ...site(budgetW, [holding('b', 0)]),
        sessions: [
          { id: 'a', minW: 4140, upperBounds: [{ by: 'unused', powerW: 6_000 }] },
          { id: 'b', minW: 4140, upperBounds: [{ by: 'rating', powerW: 22_000 }] },
        ],
      });
    const limits = [holding('a', 7_000), holding('b', 13_000)];
    expect(brief(actuate({ allocation: allocated(20_000), limits, now }).commands)).toEqual([['a', 6_000, 'decrease']]);
    const full = [holding('a', 7_000), holding('b', 22_000)];
    expect(actuate({ allocation: allocated(60_000), limits: full, now }).commands).toEqual([]);
  });

  it('has one session give what the site lacks, with a little to spare, and leaves the others', () => {
    const limits = [holding('a', 10_000), holding('b', 10_400), holding('c', 10_000), holding('d', 10_000)];
    expect(brief(plan(40_000, limits).commands)).toEqual([['b', 9920, 'decrease']]);
  });

  it('has nobody go below its share while another has far more than its own', () => {
    const limits = [holding('a', 15_940), holding('b', 12_010), holding('c', 19_630)];
    expect(brief(plan(24_020, limits).commands)).toEqual([
      ['c', 8_000, 'decrease'],
      ['a', 8_010, 'decrease'],
      ['b', 8_010, 'decrease'],
    ]);
  });

  it('has further sessions give when one would have too little afterwards', () => {
    const limits = [holding('a', 10_000), holding('b', 10_000), holding('c', 10_000)];
    expect(brief(plan(24_000, limits).commands)).toEqual([
      ['a', 6_000, 'decrease'],
      ['b', 7_950, 'decrease'],
    ]);
  });

  it('has the session that lacks most take what is left unused, beyond its share if need be', () => {
    const limits = [holding('a', 9_000), holding('b', 9_800), holding('c', 9_700)];
    expect(brief(plan(30_000, limits).commands)).toEqual([['a', 10_440, 'increase']]);
    const raised = [holding('a', 8_000, { raisedAt: now - 1_000 }), holding('b', 10_000), holding('c', 10_000)];
    expect(brief(plan(30_000, raised).commands)).toEqual([['b', 11_940, 'increase']]);
    expect(brief(plan(10_500, [holding('a', 10_000)]).commands)).toEqual([]);
  });

  it('leaves a paused car paused, however much is left unused', () => {
    const allocation = allocate(site(9_000, [holding('a', 0), holding('b', 0), holding('c', 0)]));
    const limits = [holding('a', 4_500), holding('b', 0), holding('c', 0)];
    const [command, ...others] = actuate({ allocation, limits, now }).commands;
    expect({ paused: allocation.paused, others }).toEqual({ paused: ['c'], others: [] });
    expect(command).toMatchObject({ id: 'b', limitW: 4_500 });
    const full = [holding('a', 4_500, { raisedAt: now }), holding('b', 3_000, { raisedAt: now }), holding('c', 0)];
    expect(actuate({ allocation, limits: full, now }).commands).toEqual([]);
  });

  it('starts a car however little it is to get', () => {
    expect(brief(plan(4140, [holding('a', 0)]).commands)).toEqual([['a', 4140, 'increase']]);
  });

  it('counts decreases on their way as accepted when it looks for more of them', () => {
    const lowered = holding('a', 14_000, { inFlight: { limitW: 10_000, sentAt: now - 1_000 } });
    expect(plan(20_000, [lowered, holding('b', 10_000)]).commands).toEqual([]);
    expect(brief(plan(20_000, [lowered, holding('b', 10_300)]).commands)).toEqual([['b', 9_960, 'decrease']]);
  });

  it('waits a minute between two increases of a session, and neither with a decrease nor after one', () => {
    const recent = { raisedAt: now - 20_000 };
    expect(plan(20_000, [holding('a', 10_000, recent)])).toMatchObject({
      commands: [],
      held: [{ because: 'interval' }],
      dueAt: now + 40_000,
    });
    expect(brief(plan(5000, [holding('a', 10_000, recent)]).commands)).toEqual([['a', 5000, 'decrease']]);
    const lowered = holding('a', 10_000, { accepted: { limitW: 10_000, at: now - 5_000 } });
    expect(brief(plan(20_000, [lowered]).commands)).toEqual([['a', 20_000, 'increase']]);
  });

  it('refreshes a limit at half of its validity, and takes small changes along', () => {
    const ageing = (limitW: number, fallbackW: number) =>
      holding('a', limitW, { fallbackW, accepted: { limitW, at: now, validUntil: now + 7 * MINUTE_MS } });
    expect(plan(10_000, [ageing(10_000, 4000)]).commands).toEqual([
      expect.objectContaining({ change: 'refresh', limitW: 10_000, validUntil: now + 15 * MINUTE_MS }),
    ]);
    expect(brief(plan(10_200, [ageing(10_000, 4000)]).commands)).toEqual([['a', 10_000, 'refresh']]);
    // With enough for all, it takes the rest of what its car can use.
    expect(brief(plan(30_000, [ageing(21_600, 4000)]).commands)).toEqual([['a', 22_000, 'increase']]);
    expect(plan(30_000, [holding('a', 21_600)]).commands).toEqual([]);
    expect(brief(plan(9_900, [ageing(10_000, 4000)]).commands)).toEqual([['a', 9_880, 'decrease']]);
    const above = [ageing(13_000, 4000), holding('b', 8_000), holding('c', 8_500)];
    expect(brief(plan(30_000, above).commands)).toEqual([['a', 10_000, 'decrease']]);
    expect(plan(10_000, [holding('a', 10_000)])).toMatchObject({ commands: [], dueAt: now + 6.5 * MINUTE_MS });
  });

  it('refreshes together what ends within a short time', () => {
    const ending = (id: string, inMs: number) =>
      holding(id, 5_000, { accepted: { limitW: 5_000, at: now, validUntil: now + inMs } });
    const limits = [ending('a', 7 * MINUTE_MS), ending('b', 8.5 * MINUTE_MS), ending('c', 12 * MINUTE_MS)];
    expect(plan(15_000, limits).commands.map(({ id, change }) => [id, change])).toEqual([
      ['a', 'refresh'],
      ['b', 'refresh'],
    ]);
  });

  it('gives a limit below the fall-back a long validity and does not refresh it meanwhile', () => {
    const [command] = plan(5000, [holding('a', 10_000, { fallbackW: 6000 })]).commands;
    expect(command).toMatchObject({ limitW: 5000, validUntil: now + usualPolicy.lowValidityMs });
    const low = holding('a', 5000, {
      fallbackW: 6000,
      accepted: { limitW: 5000, at: now, validUntil: now + 11 * 60 * MINUTE_MS },
    });
    expect(plan(5000, [low]).commands).toEqual([]);
  });

  it('leaves a limit alone for half of its validity, however long that of one above the fall-back is', () => {
    const policy = { ...usualPolicy, validityMs: 2 * usualPolicy.lowValidityMs };
    const sentAgain = (agoMs: number) => {
      const accepted = { limitW: 5000, at: now - agoMs, validUntil: now - agoMs + policy.lowValidityMs };
      const limits = [holding('a', 5000, { fallbackW: 6000, accepted })];
      return brief(actuate({ allocation: allocate(site(5000, limits)), limits, now, policy }).commands);
    };
    expect([0, policy.lowValidityMs / 2 - 1, policy.lowValidityMs / 2].map(sentAgain)).toEqual([
      [],
      [],
      [['a', 5000, 'refresh']],
    ]);
  });

  it('counts the fall-back of a station whose limit has run out', () => {
    const lost = holding('a', 20_000, {
      fallbackW: 6000,
      accepted: { limitW: 20_000, at: now - 20 * MINUTE_MS, validUntil: now - 1 },
    });
    expect(committedW(lost, now)).toBe(6000);
  });

  it('reserves what a station may hold that refused or does not answer', () => {
    const silent = holding('a', 20_000, { inFlight: { limitW: 5000, sentAt: now - 40_000 } });
    const refusing = holding('b', 9000, { refused: { limitW: 3000, at: now - 1000 } });
    expect([reservationW(silent, now), reservationW(refusing, now)]).toEqual([20_000, 9000]);
    expect(reservationW({ ...silent, inFlight: { limitW: 5000, sentAt: now - 1000 } }, now)).toBeUndefined();
    expect(reservationW(refusing, now + usualPolicy.retryRefusedMs)).toBeUndefined();
  });
});

/** A station as the simulation plays it: what it is about to do with the command it was sent. */
type Fate = { readonly answerAt: number; readonly answer: 'accepted' | 'refused'; readonly isLost: boolean };

describe('any sequence of budgets, delays, refusals and silence', () => {
  const step = fc.record({
    budgetW: fc.integer({ min: 0, max: 80_000 }),
    passesMs: fc.integer({ min: 500, max: 90_000 }),
    delayMs: fc.integer({ min: 0, max: 40_000 }),
    luck: fc.integer({ min: 0, max: 19 }),
  });

  it('never raises what is committed above the budget, and what stations hold is never more than committed', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 40 }), fc.integer({ min: 2, max: 6 }), (steps, cars) => {
        let at = now;
        let limits: readonly LimitState[] = Array.from({ length: cars }, (_, index) => ({
          id: `c${index}`,
          fallbackW: 0,
        }));
        const fates = new Map<string, Fate>();
        const truth = new Map<string, number>();
        const total = (): number => limits.reduce((sum, state) => sum + committedW(state, at), 0);
        for (const { budgetW, passesMs, delayMs, luck } of steps) {
          at += passesMs;
          limits = limits.map((state) => {
            const fate = fates.get(state.id);
            if (fate === undefined || state.inFlight === undefined || at < fate.answerAt) return state;
            fates.delete(state.id);
            if (fate.answer === 'accepted') truth.set(state.id, state.inFlight.limitW);
            return answered(state, fate.answer, at);
          });
          const before = total();
          const { commands } = actuate({ allocation: allocate(site(budgetW, limits, at)), limits, now: at });
          for (const [index, command] of commands.entries()) {
            limits = limits.map((state) => (state.id === command.id ? sent(state, command, at) : state));
            const isLost = (luck + index) % 20 === 0;
            const answer = (luck + index) % 20 < 3 ? 'refused' : 'accepted';
            fates.set(command.id, { answer, isLost, answerAt: at + (isLost ? 100_000 : delayMs) });
            // A lost answer says nothing about what the station did.
            if (isLost && answer === 'accepted') truth.set(command.id, command.limitW);
          }
          expect(total()).toBeLessThanOrEqual(Math.max(budgetW, before) + 1e-6);
          for (const state of limits)
            if (state.accepted?.validUntil === undefined || at < state.accepted.validUntil)
              expect(truth.get(state.id) ?? 0).toBeLessThanOrEqual(committedW(state, at) + 1e-6);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('comes down to a fallen budget as soon as stations have answered, and up to a risen one within two minutes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80_000 }), { minLength: 1, maxLength: 8 }), (budgets) => {
        let at = now;
        let limits: readonly LimitState[] = ['a', 'b', 'c'].map((id) => ({ id, fallbackW: 0 }));
        const round = (budgetW: number) => {
          const allocation = allocate(site(budgetW, limits, at));
          for (const command of actuate({ allocation, limits, now: at }).commands)
            limits = limits.map((state) =>
              state.id === command.id ? answered(sent(state, command, at), 'accepted', at) : state,
            );
          return allocation;
        };
        for (const budgetW of budgets) {
          at += 2 * MINUTE_MS;
          round(budgetW);
          const total = limits.reduce((sum, state) => sum + committedW(state, at), 0);
          expect(total).toBeLessThanOrEqual(budgetW);
          at += 2 * MINUTE_MS;
          // Where a limit that is renewed comes down to its share, others take the room with the next decision.
          round(budgetW);
          const { setpoints, effectiveBudgetW } = round(budgetW);
          const held = new Map(limits.map((state) => [state.id, heldW(state, at)]));
          for (const { id, limitW } of setpoints) {
            const standsW = Math.max(usualPolicy.standW, usualPolicy.standShare * limitW);
            expect(limitW - (held.get(id) ?? 0)).toBeLessThanOrEqual(standsW + 10);
          }
          const wantedW = setpoints.reduce((sum, { limitW }) => sum + limitW, 0);
          const givenW = [...held.values()].reduce((sum, powerW) => sum + powerW, 0);
          const idleW = Math.max(usualPolicy.idleW, usualPolicy.idleShare * effectiveBudgetW);
          // A car is not told again for the sake of less than half of that.
          expect(wantedW - givenW).toBeLessThanOrEqual(idleW + (limits.length * usualPolicy.idleW) / 2 + 10);
        }
      }),
      { numRuns: 300 },
    );
  });
});
