import { describe, expect, it } from 'vitest';
import { clear, idempotent, oneShot, probingProfile, profile } from './given-command.ts';
import { type Bounds, explore, InvariantBroken } from './mailbox-exploration.ts';

/**
 * In every world reached: at most one call is outstanding on a connection, no one-shot was sent twice, nothing was sent
 * after a newer decision that it would undo, nothing was accepted without an answer, no final state was left, and time
 * alone ends every command.
 */
describe('every order of requests, answers, losses, reconnects and crashes', () => {
  it.each<[string, Bounds]>([
    [
      'one-shots at two gateways',
      { commands: [oneShot('a'), oneShot('b')], gateways: 2, crashes: 1, connections: 1, answers: 1 },
    ],
    [
      'a one-shot over two connections',
      { commands: [oneShot('a')], gateways: 2, crashes: 1, connections: 2, answers: 2 },
    ],
    [
      'a query over two connections',
      { commands: [idempotent('q')], gateways: 2, crashes: 1, connections: 2, answers: 1 },
    ],
    [
      'two decisions at two gateways',
      { commands: [profile('old', 1), profile('new', 2)], gateways: 2, crashes: 1, connections: 1, answers: 1 },
    ],
    [
      'two decisions over two connections',
      { commands: [profile('old', 1), profile('new', 2)], gateways: 1, crashes: 0, connections: 2, answers: 1 },
    ],
    [
      'a profile and an older decision to clear it',
      { commands: [profile('new', 2), clear('old', 1)], gateways: 1, crashes: 0, connections: 2, answers: 1 },
    ],
    [
      'a profile that asks what holds',
      { commands: [probingProfile('p', 1)], gateways: 2, crashes: 1, connections: 1, answers: 2 },
    ],
  ])('keeps the promises of the mailbox: %s', (_, bounds) => {
    expect(explore(bounds)).toBeGreaterThan(1000);
  });

  it('finds a broken invariant when mailboxes are written without checking their revision', () => {
    const bounds = { commands: [oneShot('a'), oneShot('b')], crashes: 0, connections: 1, answers: 1 };
    expect(() => explore({ ...bounds, gateways: 2, isGuarded: false })).toThrow(InvariantBroken);
  });
});
