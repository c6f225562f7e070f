import { describe, expect, it } from 'vitest';
import { demandResponseDefinition } from '../../lib/consumers/demand-response-definition.ts';

type Named = {
  readonly Type: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, Named>> };
};
const definition = demandResponseDefinition('arn:aws:lambda:eu-west-1:000000000000:function:steps');
const states = Object.entries(definition.States as Readonly<Record<string, Named>>);
const working = states.filter(([, { Type }]) => Type === 'Task' || Type === 'Map');

/** Where a failure in a state leads to. */
const afterFailure: Readonly<Record<string, string>> = {
  Finish: 'RecordFailure',
  LiftAfterFailure: 'RecordFailure',
  LiftChunksAfterFailure: 'RecordFailure',
  RecordFailure: 'Failed',
};

describe('the demand-response workflow', () => {
  it.each(working)('catches whatever fails in %s, and lifts limits where none were lifted yet', (name, state) => {
    expect(state.Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next])).toEqual([
      [['States.ALL'], afterFailure[name] ?? 'LiftAfterFailure'],
    ]);
  });

  const tasks = working.flatMap(([name, state]) =>
    state.ItemProcessor ? Object.entries(state.ItemProcessor.States) : [[name, state] as const],
  );
  it.each(tasks)('tries %s again, and gives up one that hangs', (_, { Type, Retry, TimeoutSeconds }) => {
    expect([Type, Retry?.map(({ ErrorEquals }) => ErrorEquals), TimeoutSeconds]).toEqual([
      'Task',
      [['States.ALL']],
      expect.any(Number),
    ]);
  });
});
