import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { connector16, evse2x, type NeutralCommand } from '../neutral-command.ts';
import type { Payload } from '../payload.ts';

const wordOf = ({ operative }: Payload): string => (operative === true ? 'Operative' : 'Inoperative');

/** Without an EVSE the station as a whole: connector 0 of OCPP 1.6. */
export const changeAvailability: NeutralCommand = {
  name: 'changeAvailability',
  role: 'operator',
  write: {
    '1.6': (args) => ({
      action: 'ChangeAvailability',
      payload: { connectorId: connector16(args) ?? 0, type: wordOf(args) },
    }),
    '2.x': (args) => ({
      action: 'ChangeAvailability',
      payload: { operationalStatus: wordOf(args), ...omitUndefined({ evse: evse2x(args) }) },
    }),
  },
};
