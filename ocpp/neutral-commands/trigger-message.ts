import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { connector16, evse2x, type NeutralCommand, NoWords } from '../neutral-command.ts';
import { textAt } from '../payload.ts';

/** Messages of OCPP 2.x that OCPP 1.6 has under another name; its security extension triggers some in an action of its own. */
const messages16: Readonly<Record<string, readonly [action: string, message: string]>> = {
  LogStatusNotification: ['TriggerMessage', 'DiagnosticsStatusNotification'],
  SignChargingStationCertificate: ['ExtendedTriggerMessage', 'SignChargePointCertificate'],
};
const only2x = ['TransactionEvent', 'SignV2GCertificate', 'SignCombinedCertificate'];

export const triggerMessage: NeutralCommand = {
  name: 'triggerMessage',
  role: 'operator',
  feature: 'RemoteTrigger',
  write: {
    '1.6': (args) => {
      const wanted = textAt(args, 'message') ?? '';
      if (only2x.includes(wanted)) throw new NoWords(`OCPP 1.6 has no ${wanted}`);
      const [action, requestedMessage] = messages16[wanted] ?? ['TriggerMessage', wanted];
      return { action, payload: { requestedMessage, ...omitUndefined({ connectorId: connector16(args) }) } };
    },
    '2.x': (args) => ({
      action: 'TriggerMessage',
      payload: { requestedMessage: args.message, ...omitUndefined({ evse: evse2x(args) }) },
    }),
  },
};
