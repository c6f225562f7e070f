import { askLambda, mutation, query, type Resolver } from '../resolver.ts';

const served = askLambda('lambda:serve-commands');

export const commands: readonly Resolver[] = [
  ...['command', 'commands'].map((field) => query(field, [served])),
  mutation('sendCommand', [{ ...served, write: true }]),
];
