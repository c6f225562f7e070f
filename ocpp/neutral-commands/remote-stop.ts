import { type NeutralCommand, NoWords } from '../neutral-command.ts';
import { integerAt } from '../payload.ts';

export const remoteStop: NeutralCommand = {
  name: 'remoteStop',
  role: 'operator',
  write: {
    '1.6': (args) => {
      const transactionId = integerAt(args, 'transactionId');
      if (transactionId === undefined)
        throw new NoWords(`Transactions of OCPP 1.6 are numbers, not "${args.transactionId}"`);
      return { action: 'RemoteStopTransaction', payload: { transactionId } };
    },
    '2.x': ({ transactionId }) => ({ action: 'RequestStopTransaction', payload: { transactionId } }),
  },
};
