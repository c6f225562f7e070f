import { Rejected } from '../domain/kernel/rejected.ts';
import { errorTypeOf, type FieldCaller, type Fields } from '../use-cases/ports/field.ts';
import { lambda } from './lambda.ts';

/** What a GraphQL field's resolver sends: the field's name, its arguments as the client gave them, and who asks. */
export type FieldRequest = {
  readonly field: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `ctx.identity` of AppSync; absent where the API key was shown. */
  readonly identity?: unknown;
};

/** The value, or why the request is wrong: an answer the client can act on, unlike a failure of ours. */
export type FieldAnswer =
  | { readonly data: unknown }
  | {
      readonly error: {
        readonly type: string;
        readonly message: string;
        /** Says more exactly than the type what is wrong, for programs. */
        readonly code: string;
      };
    };

/** A Lambda data source of the GraphQL API, one for several fields. `identify` says who a verified identity is. */
export const resolver = (fields: Fields, identify: (identity: unknown) => FieldCaller) =>
  lambda('resolver', async (event: FieldRequest): Promise<FieldAnswer> => {
    const work = fields[event.field];
    if (work === undefined) throw new Error(`No field ${event.field} is answered here`);
    try {
      return { data: await work(event.arguments, identify(event.identity)) };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return { error: { type: errorTypeOf(error), message: error.message, code: codeOf(error) } };
    }
  });

/** The code of an error, or of what caused it; where neither has one, its name. */
const codeOf = (error: Rejected): string => {
  const coded = [error, error.cause].find((one) => one instanceof Rejected && 'code' in one);
  if (coded !== undefined) return String(Object(coded).code);
  return error.name === 'Rejected' ? 'InvalidRequest' : error.name;
};
