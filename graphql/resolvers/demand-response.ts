import { askLambda, mutation, query, type Resolver } from '../resolver.ts';

const asked = askLambda('lambda:serve-demand-response');

/** Events of the grid: what is asked, what became of it, and what a zone could give. */
export const demandResponse: readonly Resolver[] = [
  ...['demandResponseEvents', 'demandResponse', 'demandResponseReport', 'participation', 'zoneLoad'].map((field) =>
    query(field, [asked]),
  ),
  ...['submitDemandResponse', 'cancelDemandResponse', 'setParticipation'].map((field) =>
    mutation(field, [{ ...asked, write: true }]),
  ),
];
