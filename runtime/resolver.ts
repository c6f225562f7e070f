import { Rejected } from '../domain/kernel/rejected.ts';
import { errorTypeOf, type Fields } from '../use-cases/ports/field.ts';
import { lambda } from './lambda.ts';

/** What a GraphQL field's resolver sends: the field's name and its arguments as the client gave them. */
export type FieldRequest = {
  readonly field: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The identity that asks, for fields that are told. */
  readonly caller?: string;
};

/** The value, or why the request is wrong: an answer the client can act on, unlike a failure of ours. */
export type FieldAnswer =
  | { readonly data: unknown }
  | { readonly error: { readonly type: string; readonly message: string } };

/** A Lambda data source of the GraphQL API, one for several fields. */
export const resolver = (fields: Fields) =>
  lambda('resolver', async (event: FieldRequest): Promise<FieldAnswer> => {
    const work = fields[event.field];
    if (work === undefined) throw new Error(`No field ${event.field} is answered here`);
    try {
      return { data: await work(event.arguments, event.caller) };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return { error: { type: errorTypeOf(error), message: error.message } };
    }
  });
