import { Rejected } from '../../domain/kernel/rejected.ts';
import { shortened } from '../../domain/kernel/shortened.ts';

export type RefusalCode =
  | 'UnknownStation'
  | 'StationRejected'
  | 'StationOffline'
  | 'UnsupportedAction'
  | 'MalformedPayload'
  | 'PayloadTooLarge'
  | 'NotPermitted'
  | 'NotConfirmed'
  | 'UnsupportedArgument'
  | 'InvalidProfile'
  | 'RequestExpired'
  | 'RefusedBefore'
  | 'RateLimited'
  | 'QueueFull';

/** A payload may have a fault in every one of its bytes: an event and an item of the store hold so much of a reason. */
export const MOST_REASON_CHARACTERS = 2_000;

/** A request that was not taken: nothing of it went on the wire, and nothing will. */
export class CommandRefused extends Rejected {
  override readonly name = 'CommandRefused';
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(shortened(`${code}: ${message}`, MOST_REASON_CHARACTERS));
    this.code = code;
  }
}
