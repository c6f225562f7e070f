import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { bounded } from '../payload.ts';
import type { OcppVersion } from './envelope.ts';
import { jsonDepth } from './json-depth.ts';

/** A request. `payload` is undefined, and `fault` says why, where only the head of the frame could be read. */
type Request = {
  readonly id: string;
  readonly action: string;
  readonly payload: unknown;
  readonly fault?: string;
};

export type Call = Request & { readonly kind: 'call' };

/** OCPP 2.1 only: like a CALL, but nobody waits for an answer. */
export type Send = Request & { readonly kind: 'send' };

export type Reply =
  | { readonly kind: 'result'; readonly id: string; readonly payload: unknown }
  | {
      readonly kind: 'error';
      readonly id: string;
      readonly code: string;
      readonly description: string;
      readonly details: unknown;
    };

/** OCPP 2.1 only: the charger could not use the result we gave. */
export type ResultError = {
  readonly kind: 'result-error';
  readonly id: string;
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
};

export type Unreadable = {
  readonly kind: 'unreadable';
  readonly reason: string;
  /** What is wrong, in 2.x words. 'reply' is a broken answer to us: nothing may be said about it. */
  readonly fault: 'framework' | 'message-type' | 'reply';
  /** The message id, where it could be read. */
  readonly id?: string;
};

export type Frame = Call | Send | Reply | ResultError | Unreadable;

/** Both specifications: at most 36 characters, to hold a GUID. The OCA text calls a longer one an error. */
const MAX_ID_LENGTH = 36;
/** No message of any version nests deeper than a dozen levels. */
const MAX_DEPTH = 32;
const TOO_DEEP = `Nested deeper than ${MAX_DEPTH} levels`;

const unreadable = (reason: string, fault: Unreadable['fault'], id?: string): Unreadable => ({
  kind: 'unreadable',
  reason,
  fault,
  ...omitUndefined({ id }),
});

const readText = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads one OCPP-J frame. Never throws: what is no frame comes back as Unreadable with the reason.
 * 1.6 ids longer than 36 characters keep their id (it can be echoed); in 2.x they cannot, the schema forbids it.
 * A frame nested too deep is read as far as its head: a call has its id and action, for the sake of its answer.
 */
export const readFrame = (text: string, ocpp: OcppVersion): Frame => {
  const isTooDeep = jsonDepth(text) > MAX_DEPTH;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return unreadable(`Not JSON: ${error instanceof Error ? error.message : String(error)}`, 'framework');
  }
  if (!Array.isArray(message)) return unreadable('Not a JSON array', 'framework');
  const elements: readonly unknown[] = message;
  const [type, id] = elements;
  if (type === 3 || type === 4 || (type === 5 && ocpp === '2.1')) return readReply(elements, isTooDeep);
  if (typeof type !== 'number') return unreadable('The message type is not a number', 'framework');
  const isSend = type === 6 && ocpp === '2.1';
  if (type !== 2 && !isSend)
    return unreadable(
      `Unknown message type ${type}`,
      'message-type',
      typeof id === 'string' ? readableId(id) : undefined,
    );
  if (typeof id !== 'string') return unreadable('The message id is not a string', isSend ? 'reply' : 'framework');
  if (id.length > MAX_ID_LENGTH)
    return unreadable(
      'The message id is longer than 36 characters',
      isSend ? 'reply' : 'framework',
      ocpp === '1.6' ? id : undefined,
    );
  const [, , action, payload] = elements;
  if (typeof action !== 'string') return unreadable('The action is not a string', isSend ? 'reply' : 'framework', id);
  if (elements.length !== 4)
    return unreadable(`A call has 4 elements, this has ${elements.length}`, isSend ? 'reply' : 'framework', id);
  const kind = isSend ? 'send' : 'call';
  return isTooDeep ? { kind, id, action, payload: undefined, fault: TOO_DEEP } : { kind, id, action, payload };
};

const readableId = (id: string): string | undefined => (id.length <= MAX_ID_LENGTH ? id : undefined);

const readReply = (elements: readonly unknown[], isTooDeep: boolean): Frame => {
  const [type, id, third, fourth, fifth] = elements;
  // The ids of our calls are shorter: a longer one answers nothing we asked.
  if (typeof id !== 'string' || id.length > MAX_ID_LENGTH)
    return unreadable('A reply without a readable message id', 'reply');
  if (isTooDeep) return unreadable(TOO_DEEP, 'reply', id);
  if (type === 3) {
    return elements.length === 3
      ? { kind: 'result', id, payload: third }
      : unreadable(`A result has 3 elements, this has ${elements.length}`, 'reply', id);
  }
  if (typeof third !== 'string') return unreadable('An error without a code', 'reply', id);
  const kind = type === 4 ? 'error' : 'result-error';
  return { kind, id, code: bounded(third), description: bounded(readText(fourth)), details: fifth ?? {} };
};
