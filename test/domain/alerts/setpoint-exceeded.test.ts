import { expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { afterEvaluation } from '../../../domain/alerts/lifecycle.ts';
import { evaluateConnector } from '../../../domain/alerts/sweep-evaluation.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import { profilesChanged } from '../../../domain/connector/profiles-changed.ts';
import { charging, connector, MINUTE, minute } from './fixtures.ts';

const supply = { current: 'AC', voltageV: 230, phases: 3 } as const;

const withSetpoint = (known: Connector, at: number, limitW: number): Connector =>
  profilesChanged(
    known,
    {
      type: 'ProfilesChanged',
      at: minute(at),
      receivedAt: minute(at),
      clock: 'receiver',
      messageId: `m${at}`,
      commandId: `c${at}`,
      sentAt: minute(at),
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
          schedule: { kind: 'absolute', startAt: minute(at), periods: [{ startSec: 0, limitW }] },
        },
      },
    },
    supply,
  );

/** The minutes in which the sweep finds a car above its limit: setpoints come at 40 s of each minute. */
const foundIn = (sampleMinutes: number, powerW: number): readonly number[] => {
  let known = connector(charging(0));
  return Array.from({ length: 20 }, (_, index) => index + 1).filter((at) => {
    if (at % sampleMinutes === 0)
      known = { ...known, ...charging(at - 5 / 6, { powerW, sampleIntervalMs: sampleMinutes * MINUTE }) };
    known = withSetpoint(known, at - 1 / 3, at % 2 === 0 ? 20_000 : 21_000);
    const station = { heardAt: minute(at), connected: true };
    const found = evaluateConnector(known, station, minute(at), {}).find(
      ({ evaluation }) => evaluation.rule.name === 'setpoint-exceeded',
    );
    return found?.evaluation.whileNot !== undefined;
  });
};

it('finds a car that draws more than any of its limits, although they change after each sample', () => {
  expect(foundIn(1, 40_000)).toEqual(Array.from({ length: 19 }, (_, index) => index + 2));
  expect(foundIn(5, 40_000)).toEqual(Array.from({ length: 16 }, (_, index) => index + 5));
});

it('finds none that draws what it was allowed to when the sample was taken', () => {
  expect([foundIn(1, 20_900), foundIn(5, 20_900)]).toEqual([[], []]);
});

it('raises no alert about a car that follows each limit in time, however often it is lowered', () => {
  let known = connector(charging(0));
  let alert: Alert | undefined;
  const limitAt = (at: number) => 22_000 - 1_500 * (Math.floor(at / 1.5) % 10);
  for (let tenSeconds = 1; tenSeconds <= 6 * 12; tenSeconds += 1) {
    const at = tenSeconds / 6;
    if (tenSeconds % 9 === 0) known = withSetpoint(known, at, limitAt(at));
    const powerW = limitAt(Math.max(0, at - 5 / 3));
    known = { ...known, ...charging(at, { powerW, sampleIntervalMs: MINUTE / 6 }) };
    if (tenSeconds % 6 !== 0) continue;
    const swept = evaluateConnector(known, { heardAt: minute(at), connected: true }, minute(at), {}).find(
      ({ evaluation }) => evaluation.rule.name === 'setpoint-exceeded',
    );
    if (swept !== undefined) alert = afterEvaluation(alert, swept.evaluation);
    expect(alert?.phase).not.toBe('open');
  }
});
