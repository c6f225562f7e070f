import type { CommandAnswers } from '../../../domain/demand-response/command-answers.ts';

/** What became of commands that were sent (table commands). */
export type SentCommands = {
  /** How these ended, by their id; those under way are left out. */
  readonly answersTo: (
    commands: readonly { readonly stationId: string; readonly commandId: string }[],
  ) => Promise<CommandAnswers>;
};
