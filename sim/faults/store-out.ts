import { HOUR_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';
import { connectionRefused, refusal, silence } from './service-errors.ts';

type Outage = { readonly service: string; readonly table?: string };

/** Services that can be out, and tables of one. */
const outages: readonly [Outage, ...Outage[]] = [
  { service: 'dynamodb' },
  { service: 'dynamodb', table: 'tags' },
  { service: 'dynamodb', table: 'stations' },
  { service: 'dynamodb', table: 'connectors' },
  { service: 'dynamodb', table: 'windows' },
  { service: 'dynamodb', table: 'timeline' },
  { service: 'dynamodb', table: 'sessions' },
  { service: 'dynamodb', table: 'alerts' },
  { service: 'dynamodb', table: 'commands' },
  { service: 'dynamodb', table: 'grid' },
  { service: 'kinesis' },
  { service: 'events' },
  { service: 'sqs' },
  { service: 's3' },
  { service: 'sns' },
  { service: 'sockets' },
];

export const storeOut: Fault = {
  name: 'store-out',
  about: 'A service, or one table, refuses every request or answers none, for seconds to an hour.',
  often: { rough: 1, storm: 3 },
  lastsMs: [5 * SECOND_MS, HOUR_MS],
  strike: ({ clock, forMs }, chance) => {
    const out = chance.pick(outages);
    const how = chance.pick(['refuses', 'is unreachable', 'hangs'] as const);
    // Most outages are short: a long one hides what else happens.
    const untilAt = clock.now() + (chance.chance(0.7) ? Math.min(forMs, chance.between(5, 120) * SECOND_MS) : forMs);
    return {
      request: ({ service, table, at }) => {
        if (at === 'after' || clock.now() > untilAt) return undefined;
        if (service !== out.service || (out.table !== undefined && table !== out.table)) return undefined;
        if (how === 'hangs') return silence();
        throw how === 'refuses' ? refusal() : connectionRefused();
      },
    };
  },
};
