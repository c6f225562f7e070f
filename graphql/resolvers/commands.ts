import { mutation, query, type Resolver, step } from '../resolver.ts';

const askedAsCaller = step('lambda:serve-commands', 'ask-lambda-as-caller');

export const commands: readonly Resolver[] = [
  ...['command', 'commands'].map((field) => query(field, [askedAsCaller])),
  mutation('sendCommand', [{ ...askedAsCaller, write: true }]),
];
