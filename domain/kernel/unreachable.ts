/** Ends an exhaustive switch: a new member of the union fails compilation here, and a stray value fails loudly. */
export const unreachable = (value: never): never => {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
};
