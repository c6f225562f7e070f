import { describe, expect, it } from 'vitest';
import { isTransient } from '../../aws/is-transient.ts';

const named = (name: string): Error => Object.assign(new Error('refused'), { name });
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('an outage', () => {
  it.each([
    ['a connection refused', refused],
    ['a fault of the service', Object.assign(new Error('broken'), { $fault: 'server' })],
    ['throttling', named('ThrottlingException')],
    ['a table at its limit', named('ProvisionedThroughputExceededException')],
    ['one of several failures', new AggregateError([new Error('other'), refused])],
    ['a missing right, which somebody can give back', named('AccessDeniedException')],
    ['a table that is not there', named('ResourceNotFoundException')],
    ['an answer that did not come in time', named('TimeoutError')],
    ['an entry of a batch the bus throttled', named('InternalFailure')],
    [
      'a transaction that was throttled',
      Object.assign(named('TransactionCanceledException'), { CancellationReasons: [{ Code: 'ThrottlingError' }] }),
    ],
    ['a station that others keep writing', named('StationContended')],
    ['the cause of a failure', new Error('events not put', { cause: refused })],
  ])('is %s', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a fault of the caller', Object.assign(named('ValidationException'), { $fault: 'client' })],
    ['a condition that did not hold', named('ConditionalCheckFailedException')],
    [
      'a transaction with an item that is too large',
      Object.assign(named('TransactionCanceledException'), { CancellationReasons: [{ Code: 'ValidationError' }] }),
    ],
    ['a mistake in the program', new TypeError('undefined is not a function')],
    ['no error at all', 'nothing'],
  ])('is not %s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
