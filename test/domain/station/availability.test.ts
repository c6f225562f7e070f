import { describe, expect, it } from 'vitest';
import type { AvailabilityAgreed } from '../../../domain/kernel/fact.ts';
import { started, status, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';

const agreed = (minute: number, more: Partial<AvailabilityAgreed> = {}): AvailabilityAgreed => ({
  ...said(noon + minutes(minute)),
  type: 'AvailabilityAgreed',
  commandId: `c${minute}`,
  operative: false,
  scheduled: false,
  requestedAt: noon + minutes(minute) - 500,
  ...on(1),
  ...more,
});

const confirmed = ({ changes }: ReturnType<typeof given>) =>
  changes.flatMap((change) =>
    change.type === 'AvailabilityConfirmed'
      ? [[change.connectorId, change.commandId, change.operative, (change.at - noon) / minutes(1)]]
      : [],
  );

const pending = ({ connector }: ReturnType<typeof given>, id = 1) => connector(id)?.pendingAvailability?.commandId;

describe('a change of availability a station agreed to', () => {
  it('is pending behind a running session, and done when the connector shows it', () => {
    const running = [status(0, 'charging'), started(0), agreed(5, { scheduled: true }), status(10, 'charging')];
    const before = given(...running);
    expect([pending(before), confirmed(before)]).toEqual(['c5', []]);
    const after = given(...running, stopped(20), status(21, 'unavailable'));
    expect([pending(after), confirmed(after)]).toEqual([undefined, [[1, 'c5', false, 21]]]);
  });

  it('is done at once where the status came before the answer', () => {
    const result = given(status(4, 'unavailable'), agreed(5));
    expect([pending(result), confirmed(result)]).toEqual([undefined, [[1, 'c5', false, 5]]]);
  });

  it('back into service is done with any status of a connector that works, not with a fault', () => {
    const back = [status(0, 'unavailable'), agreed(5, { operative: true })];
    expect(confirmed(given(...back, status(6, 'faulted')))).toEqual([]);
    expect(confirmed(given(...back, status(6, 'preparing')))).toEqual([[1, 'c5', true, 6]]);
  });

  it('gives way to a newer one', () => {
    const result = given(status(0, 'charging'), agreed(5), agreed(6, { operative: true }));
    expect([pending(result), confirmed(result)]).toEqual([undefined, [[1, 'c6', true, 6]]]);
  });

  it('of an older command that is told late changes nothing', () => {
    const late = { ...agreed(7), commandId: 'old', requestedAt: noon };
    expect(pending(given(status(0, 'charging'), agreed(6), late))).toBe('c6');
  });

  it.each([
    ['the station', { evseId: 0, connectorId: 0 }, ['c5', 'c5']],
    ['an EVSE', { evseId: 2 }, [undefined, 'c5']],
    ['a connector', { evseId: 1, connectorId: 1 }, ['c5', undefined]],
  ])('of %s concerns its connectors', (_, place, expected) => {
    const { evseId: _1, connectorId: _2, ...whole } = agreed(5);
    const result = given(status(0, 'available'), status(0, 'available', on(2)), { ...whole, ...place });
    expect([pending(result, 1), pending(result, 2)]).toEqual(expected);
  });

  it('of the station is done by the status of the station', () => {
    const whole = [status(0, 'available'), agreed(5, { evseId: 0, connectorId: 0 })];
    const result = given(...whole, status(6, 'unavailable', { evseId: 0, connectorId: 0 }));
    expect([pending(result), confirmed(result)]).toEqual([undefined, [[1, 'c5', false, 6]]]);
  });
});
