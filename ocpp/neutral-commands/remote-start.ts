import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { connector16, idToken2x, type NeutralCommand } from '../neutral-command.ts';

/** In OCPP 1.6 a tag has no type. */
export const remoteStart: NeutralCommand = {
  name: 'remoteStart',
  role: 'operator',
  write: {
    '1.6': (args) => ({
      action: 'RemoteStartTransaction',
      payload: omitUndefined({ idTag: args.tag, connectorId: connector16(args) }),
    }),
    '2.x': ({ tag, tagType, evseId }, { requestNumber }) => ({
      action: 'RequestStartTransaction',
      payload: { remoteStartId: requestNumber, idToken: idToken2x(tag, tagType), ...omitUndefined({ evseId }) },
    }),
  },
};
