import { askLambda, query, type Resolver } from '../resolver.ts';

const served = askLambda('lambda:serve-commands');

export const stationRecords: readonly Resolver[] = ['capabilities', 'reservations'].map((field) =>
  query(field, [served]),
);
