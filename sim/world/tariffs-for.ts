import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import { isQuietBetween } from './is-quiet-between.ts';
import type { Metered } from './metered-sessions.ts';
import type { World } from './world.ts';

/** Tariffs and where they hold, from an instant on. */
export type PriceBook = {
  readonly at: number;
  readonly tariffs: readonly Tariff[];
  readonly assignments: readonly TariffAssignment[];
};

/** It may take a minute until a change is noticed (docs/views.md, Tariffs); to write it takes some of another. */
const NOTICED_WITHIN_MS = MINUTE_MS + 10 * SECOND_MS;
/** Where nothing goes wrong a session is priced so long after its stop. */
const PRICED_WITHIN_MS = 2 * MINUTE_MS;
/** What a fault held up is made good by then. */
const CALM_AFTER_MS = 10 * MINUTE_MS;

const booksOf = ({ network, startedAt, asked }: World): readonly PriceBook[] => [
  { at: startedAt, tariffs: network.tariffs, assignments: network.assignments },
  ...asked.filter((one) => one.kind === 'prices'),
];

/** By what a session may have been priced: what held when its stop was handled, which is known to some minutes at best. */
const booksFor = (world: World, { stopHeard: [firstAt, lastAt] }: Metered): readonly PriceBook[] => {
  const isCalm = isQuietBetween(world, firstAt - CALM_AFTER_MS, lastAt + CALM_AFTER_MS);
  const untilAt = isCalm ? lastAt + PRICED_WITHIN_MS : Number.POSITIVE_INFINITY;
  const books = booksOf(world);
  return books.filter(
    ({ at }, index) =>
      at <= untilAt && (books[index + 1]?.at ?? Number.POSITIVE_INFINITY) > firstAt - NOTICED_WITHIN_MS,
  );
};

const SCOPES = ['stationId', 'siteId', 'connectorType'] as const;

/** The tariff of a place in a book for a session that begins at an instant: a station's before a site's, the latest of these. */
const tariffIn = ({ tariffs, assignments }: PriceBook, session: Metered): Tariff | undefined => {
  const { station, connectorType, startedAt } = session;
  const place = { stationId: station.stationId, siteId: station.siteId, connectorType };
  const [best] = assignments
    .filter(
      (one) =>
        SCOPES.every((scope) => one[scope] === undefined || one[scope] === place[scope]) &&
        startedAt >= (one.validFrom ?? 0) &&
        startedAt < (one.validUntil ?? Number.POSITIVE_INFINITY),
    )
    .toSorted((a, b) => {
      const [named] = SCOPES.filter((scope) => (a[scope] === undefined) !== (b[scope] === undefined));
      if (named !== undefined) return a[named] === undefined ? 1 : -1;
      return (b.validFrom ?? 0) - (a.validFrom ?? 0);
    });
  return tariffs.find(({ tariffId }) => tariffId === best?.tariffId);
};

/** The tariffs a session may have been priced by; undefined among them: it may have none. */
export const tariffsFor = (world: World, session: Metered): ReadonlySet<Tariff | undefined> =>
  new Set(booksFor(world, session).map((book) => tariffIn(book, session)));
