import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { NeutralCommand, WriteCall } from '../neutral-command.ts';

const write: WriteCall = ({ vendorId, messageId, data }) => ({
  action: 'DataTransfer',
  payload: omitUndefined({ vendorId, messageId, data }),
});

export const dataTransfer: NeutralCommand = {
  name: 'dataTransfer',
  role: 'administrator',
  write: { '1.6': write, '2.x': write },
};
