const NAMED = 5;

/**
 * Several errors as one whose message has the first of them: a log line, an alarm or a terminal shows the message only. `what`
 * says what failed; the errors themselves stay in `errors`.
 */
export const failedTogether = (what: string, errors: readonly unknown[]): AggregateError => {
  const named = errors.slice(0, NAMED).map((error) => (error instanceof Error ? error.message : String(error)));
  const more = errors.length > NAMED ? [`and ${errors.length - NAMED} more`] : [];
  return new AggregateError(errors, `${what}: ${[...named, ...more].join('; ')}`);
};
