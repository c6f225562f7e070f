import { Rejected } from '../../domain/kernel/rejected.ts';
import { isAtLeast, type Role } from '../../domain/kernel/role.ts';

/** Who asks, as the API has verified it. */
export type FieldCaller = {
  /** The identity a token or a signature proved; what the API key is called where only that was shown. */
  readonly by: string;
  readonly role: Role;
};

/**
 * The work behind fields of the API. Throw NotFound, Conflict or NotPermitted where the client can do something about it that
 * a wrong request cannot; any other Rejected is an InvalidRequest. The message goes to the client.
 */
export type Field = (args: Readonly<Record<string, unknown>>, caller: FieldCaller) => Promise<unknown>;

export type Fields = Readonly<Record<string, Field>>;

/** What the request names does not exist. */
export class NotFound extends Rejected {
  override readonly name = 'NotFound';
}

/** What the request asks for cannot be done to what it names as that stands. */
export class Conflict extends Rejected {
  override readonly name = 'Conflict';
}

/** The caller's role does not include what the request asks for. */
export class NotPermitted extends Rejected {
  override readonly name = 'NotPermitted';
}

/** Throws NotPermitted unless the caller has at least a role. */
export const permitted = ({ role }: FieldCaller, least: Role, what: string): void => {
  if (!isAtLeast(role, least)) throw new NotPermitted(`${what} is for the role ${least}; yours is ${role}`);
};

/** The type of the error a client is told; what a caller may not do is called as AppSync calls it. */
export const errorTypeOf = (error: Rejected): 'NotFound' | 'Conflict' | 'Unauthorized' | 'InvalidRequest' => {
  if (error instanceof NotPermitted) return 'Unauthorized';
  return error instanceof NotFound || error instanceof Conflict ? error.name : 'InvalidRequest';
};
