import { connector16, type NeutralCommand } from '../neutral-command.ts';

export const unlock: NeutralCommand = {
  name: 'unlock',
  role: 'operator',
  write: {
    '1.6': (args) => ({ action: 'UnlockConnector', payload: { connectorId: connector16(args) } }),
    '2.x': ({ evseId, connectorId = 1 }) => ({ action: 'UnlockConnector', payload: { evseId, connectorId } }),
  },
};
