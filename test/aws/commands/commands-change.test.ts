import { expect, it } from 'vitest';
import { commandsChange } from '../../../aws/commands/commands-change.ts';

it('reads nothing in the refusal of a command, of which nothing follows', () => {
  const item = { stationId: 'S1', entry: '0abc-x', refused: { at: 7, as: 'CommandRejected', reason: 'offline' } };
  expect(commandsChange({ table: 'commands', key: 'S1#0abc-x', item, sequenceNumber: '1' })).toBeUndefined();
});
