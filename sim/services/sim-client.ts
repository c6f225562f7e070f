import { metadata, type SimServiceContext } from './sim-service-context.ts';

/** One operation: the class of its command, and what carries it out. */
type Handler = {
  readonly Command: unknown;
  readonly operation: string;
  readonly carryOut: (input: never) => object | Promise<object>;
};

/** An operation as the SDK names it: `Command` is the class, 'PutRecordCommand' the operation 'PutRecord'. */
export const handles = <Input, Output extends object>(
  Command: new (input: Input) => { readonly input: Input },
  carryOut: (input: Input) => Output | Promise<Output>,
): Handler => ({ Command, operation: Command.name.replace(/Command$/, ''), carryOut });

/**
 * A client of a service that is not there: what it is sent is carried out here, between the two points where a fault may
 * strike. It is an instance of the SDK's class, which paginators ask for, and can do nothing but send.
 */
export const simClient = <Client extends object>(
  Service: { readonly prototype: Client },
  service: string,
  { fault }: Pick<SimServiceContext, 'fault'>,
  handlers: readonly Handler[],
): Client => {
  const known = new Map(handlers.map((handler) => [handler.Command, handler]));
  const send = async (command: { readonly input: object }): Promise<object> => {
    const handler = known.get(command.constructor);
    if (handler === undefined) throw new Error(`The simulated ${service} does not know ${command.constructor.name}`);
    const { operation, carryOut } = handler;
    await fault({ service, operation, at: 'before' });
    const output = await carryOut(command.input as never);
    await fault({ service, operation, at: 'after' });
    return { $metadata: metadata(), ...output };
  };
  return Object.assign(Object.create(Service.prototype), { send });
};

/** Hexadecimal ids of the form of a UUID, from the seed. */
export const idFrom = (random: () => number): string => {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** What a request carries, as bytes of its own. Streams are not taken: to read one is work that no seed decides about. */
export const payloadBytes = (payload: unknown): Uint8Array => {
  if (payload === undefined) return new Uint8Array();
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  if (payload instanceof Uint8Array) return payload.slice();
  throw new Error('The simulated services take texts and bytes, no streams');
};
