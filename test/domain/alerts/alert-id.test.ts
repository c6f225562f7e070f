import { expect, it } from 'vitest';
import { alertIdOf, conditionKey, parseAlertId } from '../../../domain/alerts/alert-id.ts';
import { noon } from './fixtures.ts';

it('can be taken apart again, whatever the station is called', () => {
  const subject = { kind: 'station', stationId: 'a|b#c 2026', siteId: 's', zoneId: 'z', region: 'r' } as const;
  const condition = conditionKey('tamper', subject);
  expect(parseAlertId(alertIdOf(condition, noon))).toEqual({ condition, occasion: '2026-11-20T12:00:00.000Z' });
});

it.each(['', 'tamper', 'tamper|station:x', '|2026-11-20T12:00:00.000Z'])('is not %j', (text) => {
  expect(parseAlertId(text)).toBeUndefined();
});
