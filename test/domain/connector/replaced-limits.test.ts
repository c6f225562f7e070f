import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import { profilesAfterTransaction, profilesChanged } from '../../../domain/connector/profiles-changed.ts';
import { limitsBetween } from '../../../domain/connector/replaced-limits.ts';
import type { ProfilesChanged } from '../../../domain/kernel/fact.ts';
import { charging, connector, limitedTo, minute, session } from '../alerts/fixtures.ts';

const supply = { current: 'AC', voltageV: 230, phases: 3 } as const;
const setpoint = (sentAt: number, limitW: number): ProfilesChanged => ({
  type: 'ProfilesChanged',
  at: sentAt,
  receivedAt: sentAt + 1,
  clock: 'receiver',
  messageId: `m${sentAt}`,
  commandId: `c${sentAt}`,
  sentAt,
  isSettled: true,
  ocpp: '1.6',
  payload: '{}',
  by: 'wattstream: allocation',
  origin: 'internal',
  change: {
    type: 'set',
    profile: {
      purpose: 'tx-default',
      evseId: 1,
      stackLevel: 0,
      profileId: 1,
      schedule: { kind: 'relative', periods: [{ startSec: 0, limitW }] },
    },
  },
});
const limitedBy = (setpoints: readonly (readonly [at: number, limitW: number])[]): Connector =>
  setpoints.reduce(
    (known, [at, limitW]) => profilesChanged(known, setpoint(minute(at), limitW), supply),
    connector(charging(0)),
  );

describe('the limits of a connector in a span of time', () => {
  it('are those that commands replaced since, and the present one', () => {
    const known = limitedBy([
      [1, 10_000],
      [2, 20_000],
      [4, 15_000],
    ]);
    const between = (from: number, to: number) => limitsBetween(known, minute(from), minute(to));
    expect([between(0, 0.5), between(0, 1), between(1.5, 1.7), between(1.5, 3), between(3, 5), between(6, 7)]).toEqual([
      [undefined],
      [undefined, 10_000],
      [10_000],
      [10_000, 20_000],
      [20_000, 15_000, 15_000],
      [15_000, 15_000],
    ]);
  });

  it('have the highest that held, or are not known', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })), { maxLength: 14 });
    const spans = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(steps, spans, (found, [from, length]) => {
        let at = 0;
        const setpoints = found.map(([later, level]) => {
          at += later;
          return [at, level * 1_000] as const;
        });
        const held = Array.from({ length: length + 1 }, (_, index) =>
          setpoints.findLast(([start]) => start <= from + index),
        );
        const mostW = Math.max(...held.map((step) => step?.[1] ?? Number.POSITIVE_INFINITY));
        const told = limitsBetween(limitedBy(setpoints), minute(from), minute(from + length));
        const isForgotten = setpoints.filter(([start]) => start > from).length > 7;
        const toldW = Math.max(...told.map((limitW) => limitW ?? Number.POSITIVE_INFINITY));
        expect(toldW).toBe(isForgotten && toldW === Number.POSITIVE_INFINITY ? toldW : mostW);
      }),
    );
  });

  it('are not known of times before the command, where an earlier version kept nothing of what it replaced', () => {
    const stored = connector({ ...charging(9), ...limitedTo(20_000, 5) });
    expect([limitsBetween(stored, minute(4), minute(6)), limitsBetween(stored, minute(5), minute(6))]).toEqual([
      [undefined],
      [20_000, 20_000],
    ]);
  });

  it('are forgotten with the session', () => {
    const known = limitedBy([[1, 10_000]]);
    expect([known.replacedLimits, profilesAfterTransaction(known, session(0)).replacedLimits]).toEqual([
      [{ untilAt: minute(1) }],
      undefined,
    ]);
  });
});
