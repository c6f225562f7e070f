/** Executions of the demand-response state machine. */
export type Workflows = {
  /**
   * Starts an execution. A name is used once: starting one that runs with the same input changes nothing ('started'); 'closed': it has
   * ended, or has another input. `name` has at most 80 characters; letters, digits and hyphens.
   */
  readonly start: (name: string, input: object) => Promise<'started' | 'closed'>;
};
