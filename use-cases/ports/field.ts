import { Rejected } from '../../domain/kernel/rejected.ts';

/**
 * The work behind fields of the API. Throw NotFound or Conflict where the client can do something about it that a wrong
 * request cannot; any other Rejected is an InvalidRequest. The message goes to the client. `caller` is the identity that
 * asks, for fields that are told.
 */
export type Field = (args: Readonly<Record<string, unknown>>, caller?: string) => Promise<unknown>;

export type Fields = Readonly<Record<string, Field>>;

/** What the request names does not exist. */
export class NotFound extends Rejected {
  override readonly name = 'NotFound';
}

/** What the request asks for cannot be done to what it names as that stands. */
export class Conflict extends Rejected {
  override readonly name = 'Conflict';
}

/** The type of the error a client is told. */
export const errorTypeOf = (error: Rejected): 'NotFound' | 'Conflict' | 'InvalidRequest' =>
  error instanceof NotFound || error instanceof Conflict ? error.name : 'InvalidRequest';
