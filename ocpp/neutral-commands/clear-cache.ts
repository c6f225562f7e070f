import type { NeutralCommand, WriteCall } from '../neutral-command.ts';

const write: WriteCall = () => ({ action: 'ClearCache', payload: {} });

export const clearCache: NeutralCommand = {
  name: 'clearCache',
  role: 'operator',
  write: { '1.6': write, '2.x': write },
};
