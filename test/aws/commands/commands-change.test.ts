import { expect, it } from 'vitest';
import { commandsChange } from '../../../aws/commands/commands-change.ts';

it.each([
  ['was refused', { refused: { requestedAt: 6, at: 7, as: 'CommandRejected', reason: 'offline' } }],
  ['became a command', { commandId: '0abc-x' }],
])('reads nothing in what tells that a request %s, of which nothing follows', (_, became) => {
  const item = { stationId: 'S1', entry: 'request-x', ...became };
  expect(commandsChange({ table: 'commands', key: 'S1#request-x', item, sequenceNumber: '1' })).toBeUndefined();
});
