import { isFinal } from '../../domain/commands/command.ts';
import type { FinalCommandState } from '../../domain/kernel/ended-command.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { SETPOINT_LEVEL } from '../../domain/site/released-profiles.ts';
import { siteCaller } from '../../domain/site/site-caller.ts';
import type { SetpointSender } from '../ports/sites/site-setpoints.ts';
import { CommandRefused, type RefusalCode } from '../send-command/command-refused.ts';
import type { RequestPorts } from '../send-command/request-command.ts';
import { setChargingProfile } from '../send-command/set-charging-profile.ts';

/** What a refusal of the mailbox means for the site. */
const endOf = (code: RefusalCode): FinalCommandState => {
  switch (code) {
    case 'UnsupportedAction':
      return 'NotSupported';
    case 'RequestExpired':
      return 'Expired';
    default:
      return 'Rejected';
  }
};

/**
 * Sets the limit of a session as the TxProfile of its transaction, through the mailbox of its station. The version of the
 * decision is the time of the request as well, so that the same decision is the same command however often it is sent.
 */
export const setpointSender = (ports: RequestPorts): SetpointSender => {
  const set = setChargingProfile(ports);
  return {
    send: async (siteId, command) => {
      const { stationId, evseId, transactionId, limitW, validUntil, version, reasons, supply, phases, phaseToUse } =
        command;
      try {
        const record = await set(
          {
            stationId,
            requestedAt: version,
            version,
            discriminator: `s${evseId.toString(36)}`,
            requestId: `${siteId}/${version}`,
            why: `Setpoint of site ${siteId}: ${reasons.map(({ kind }) => kind).join(', ')}`,
            supply,
            profile: {
              purpose: 'tx',
              evseId,
              stackLevel: SETPOINT_LEVEL,
              transactionId,
              schedule: {
                kind: 'absolute',
                startAt: version,
                periods: [{ startSec: 0, limitW, ...omitUndefined({ phases, phaseToUse }) }],
              },
              ...omitUndefined({ validTo: validUntil }),
            },
            ...omitUndefined({ expiresAt: validUntil }),
          },
          { by: siteCaller(siteId), role: 'administrator', origin: 'internal' },
        );
        return isFinal(record.state) ? record.state : 'taken';
      } catch (error) {
        if (error instanceof CommandRefused) return endOf(error.code);
        throw error;
      }
    },
  };
};
