import { mutationsOf } from '../deployed-schema.ts';
import { askLambda, mutation, query, type Resolver } from '../resolver.ts';

const served = askLambda('lambda:serve-commands');

/** Every command that has a mutation of its own is answered alike. */
export const commands: readonly Resolver[] = [
  ...['command', 'commands'].map((field) => query(field, [served])),
  ...['commands', 'typed-commands', 'limits']
    .flatMap(mutationsOf)
    .map((field) => mutation(field, [{ ...served, write: true }])),
];
