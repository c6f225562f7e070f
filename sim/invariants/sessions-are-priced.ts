import type { Tariff } from '../../domain/tariff/tariff.ts';
import { type Amount, expectedPrice } from '../world/expected-price.ts';
import { meteredSessions } from '../world/metered-sessions.ts';
import { tariffsFor } from '../world/tariffs-for.ts';
import type { Invariant } from './invariant.ts';

const isWithin = (value: number, [least, most]: Amount): boolean => value >= least && value <= most;

const nameOf = (tariff: Tariff | undefined): string => tariff?.tariffId ?? 'no tariff';

export const sessionsArePriced: Invariant = {
  name: 'sessions-are-priced',
  about:
    'An ended session costs what its charger metered, by the tariff that held at its place when it started; without VAT and with it.',
  check: (world, { sessions }) => {
    const kept = new Map(sessions.map((session) => [`${session.stationId} ${session.transactionId}`, session]));
    return meteredSessions(world).flatMap((metered) => {
      const session = kept.get(`${metered.station.stationId} ${metered.transactionId}`);
      // Whether it is kept is looked at elsewhere.
      if (session === undefined) return [];
      const { cost } = session;
      const tariffs = [...tariffsFor(world, metered)];
      if (cost === undefined)
        return tariffs.includes(undefined)
          ? []
          : [`${session.sessionId} has no price, and should by ${tariffs.map(nameOf)}`];
      const expected = tariffs.flatMap((tariff) => (tariff === undefined ? [] : [expectedPrice(metered, tariff)]));
      const isRight = expected.some(
        ({ tariffId, currency, minor, minorWithVat }) =>
          tariffId === cost.tariffId &&
          currency === cost.currency &&
          isWithin(cost.totalMinor, minor) &&
          isWithin(cost.totalWithVatMinor, minorWithVat),
      );
      if (isRight) return [];
      const wanted = expected.map(
        ({ tariffId, minor, minorWithVat }) => `${tariffId}: ${minor.join('-')} (${minorWithVat.join('-')} with VAT)`,
      );
      const { tariffId, totalMinor, totalWithVatMinor } = cost;
      return [
        `${session.sessionId} costs ${totalMinor} (${totalWithVatMinor} with VAT) by ${tariffId}, and should ${wanted.join(' or ') || 'nothing'}`,
      ];
    });
  },
};
