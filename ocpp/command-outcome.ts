import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { Reply } from './frames/read-frame.ts';
import { isPayload, listAt, objectAt, type Payload, textAt } from './payload.ts';

/**
 * What a charger made of a command.
 * - `Accepted`: done, or taken to be done later; also where there was nothing to do (no such profile to clear).
 * - `Rejected`: understood and not done.
 * - `NotSupported`: the charger cannot, either at all or with what was named.
 * - `Failed`: a CALLERROR, or a reply that says nothing.
 */
export type CommandOutcome = {
  readonly result: 'Accepted' | 'Rejected' | 'NotSupported' | 'Failed';
  /** The charger's own word; of several items the first one's that was not accepted. */
  readonly status?: string;
  /** Why, as far as the charger says. */
  readonly reason?: string;
};

/** The words of a reply's status and what they mean; a word of none of the lists is no answer. */
export type StatusWords = {
  readonly accepted: readonly string[];
  readonly rejected?: readonly string[];
  readonly notSupported?: readonly string[];
};

type ReadReply = (reply: unknown) => CommandOutcome;

const malformed = (reason: string, status?: string): CommandOutcome => ({
  result: 'Failed',
  reason,
  ...omitUndefined({ status }),
});

/** The reason a 2.x charger gives beside a status; 1.6 has no place for one. */
const reasonOf = (info: Payload): string | undefined => {
  const words = [textAt(info, 'reasonCode'), textAt(info, 'additionalInfo')].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join(': ');
};

const readStatus = (from: Payload, key: string, info: string, words: StatusWords): CommandOutcome => {
  const status = textAt(from, key)?.trim();
  if (status === undefined) return malformed(`The reply has no ${key}`);
  const isAmong = (list: readonly string[] = []): boolean =>
    list.some((word) => word.toLowerCase() === status.toLowerCase());
  const reason = reasonOf(objectAt(from, info));
  const read = { status, ...omitUndefined({ reason }) };
  if (isAmong(words.accepted)) return { result: 'Accepted', ...read };
  if (isAmong(words.rejected)) return { result: 'Rejected', ...read };
  if (isAmong(words.notSupported)) return { result: 'NotSupported', ...read };
  return malformed(`"${status}" is no ${key} of this reply`, status);
};

const notAnObject = malformed('The reply is not an object');

/** Reads a reply with one `status`. */
export const byStatus =
  (words: StatusWords): ReadReply =>
  (reply) =>
    isPayload(reply) ? readStatus(reply, 'status', 'statusInfo', words) : notAnObject;

/** What replies with one status for each item asked about have in common. */
export type StatusItems = {
  /** The list in the reply. */
  readonly list: string;
  /** Where an item has its status, and beside it the reason (a StatusInfoType). */
  readonly status: string;
  readonly info: string;
  readonly words: StatusWords;
  /** A question is answered when something was found; a change is made when every item of it is. */
  readonly accepts: 'every' | 'some';
};

const isAccepted = ({ result }: CommandOutcome): boolean => result === 'Accepted';

/** The worst first: what an operator must hear of before anything else. */
const byGravity = ['Failed', 'Rejected', 'NotSupported'] as const;

/** Reads a reply with a status per item: of a change (SetVariables) all must be accepted, of a question (GetVariables) one. */
export const byItems =
  ({ list, status, info, words, accepts }: StatusItems): ReadReply =>
  (reply) => {
    if (!isPayload(reply)) return notAnObject;
    const items = listAt(reply, list).map((item) => readStatus(item, status, info, words));
    const [first] = items;
    if (first === undefined) return malformed(`The reply has no ${list}`);
    const others = items.filter((item) => !isAccepted(item));
    const enough = accepts === 'every' ? others.length === 0 : others.length < items.length;
    const worst = byGravity.flatMap((result) => others.find((item) => item.result === result) ?? []).at(0) ?? first;
    if (others.length === 0) return first;
    const reason = `${others.length} of ${items.length}: ${[...new Set(others.map((item) => item.status ?? 'none'))].join(', ')}`;
    return enough ? { result: 'Accepted', reason } : { ...worst, reason };
  };

/** Reads a reply that cannot refuse: any object is a yes. */
export const byArrival: ReadReply = (reply) => (isPayload(reply) ? { result: 'Accepted' } : notAnObject);

/** Reads a reply that is a figure or a yes or no under `key`, and cannot refuse. */
export const byField =
  (key: string, type: 'number' | 'boolean'): ReadReply =>
  (reply) => {
    if (!isPayload(reply)) return notAnObject;
    return typeof reply[key] === type ? { result: 'Accepted' } : malformed(`The reply has no ${key}`);
  };

/** What a reply of either kind means: a result as its command reads it, an error by its code. */
export const outcomeOf = (command: { readonly outcome: ReadReply }, reply: Reply): CommandOutcome => {
  if (reply.kind === 'result') return command.outcome(reply.payload);
  const { code: status, description: reason } = reply;
  const isUnknown = status === 'NotImplemented' || status === 'NotSupported';
  return { result: isUnknown ? 'NotSupported' : 'Failed', status, reason };
};
