import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSession } from '../../../domain/session/open-session.ts';
import { noon } from '../../support/station-days.ts';

const idOf = (stationId: string, transactionId: string, at = noon): string =>
  openSession({ stationId, evseId: 1, connectorId: 1, at, receivedAt: at }, { transactionId }, []).sessionId;

it('the id of a session names its station, its transaction and the second it began', () => {
  expect(idOf('DE-BER-0042', '1804289383', Date.UTC(2026, 10, 20))).toBe('DE-BER-0042.1804289383.torxc0');
});

it('no transaction of a station makes the session id of another station', () => {
  const stationIds = fc.stringMatching(/^[a7.]{1,6}$/);
  const transactionIds = fc.stringMatching(/^[a7./]{1,8}$/);
  fc.assert(
    fc.property(fc.tuple(stationIds, transactionIds), fc.tuple(stationIds, transactionIds), (one, other) => {
      fc.pre(one.join(' ') !== other.join(' '));
      expect(idOf(...one)).not.toBe(idOf(...other));
    }),
    {
      numRuns: 2_000,
      examples: [
        [
          ['HUB.7', '5f1c-77'],
          ['HUB', '7.5f1c-77'],
        ],
      ],
    },
  );
});
