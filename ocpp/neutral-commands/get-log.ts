import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { instantAt, type NeutralCommand, type WriteCall } from '../neutral-command.ts';

/** OCPP 2.x, and the security extension of 1.6. */
const write: WriteCall = (args, { requestNumber }) => {
  const { kind, location, retries, retryIntervalSec: retryInterval } = args;
  const times = { oldestTimestamp: instantAt(args, 'from'), latestTimestamp: instantAt(args, 'to') };
  return {
    action: 'GetLog',
    payload: {
      logType: kind === 'security' ? 'SecurityLog' : 'DiagnosticsLog',
      requestId: requestNumber,
      log: { remoteLocation: location, ...omitUndefined(times) },
      ...omitUndefined({ retries, retryInterval }),
    },
  };
};

/** Diagnostics of OCPP 1.6 have an action of their own that every station knows. */
export const getLog: NeutralCommand = {
  name: 'getLog',
  role: 'operator',
  write: {
    '1.6': (args, occasion) => {
      if (args.kind === 'security') return write(args, occasion);
      const { location, retries, retryIntervalSec: retryInterval } = args;
      const times = { startTime: instantAt(args, 'from'), stopTime: instantAt(args, 'to') };
      return {
        action: 'GetDiagnostics',
        payload: { location, ...omitUndefined({ ...times, retries, retryInterval }) },
      };
    },
    '2.x': write,
  },
};
