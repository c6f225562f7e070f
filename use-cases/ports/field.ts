/** The work behind fields of the API. Throw Rejected for a request that is wrong; its message goes to the client. */
export type Field = (args: Readonly<Record<string, unknown>>) => Promise<unknown>;

export type Fields = Readonly<Record<string, Field>>;
