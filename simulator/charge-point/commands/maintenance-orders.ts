import { z } from 'zod';
import type { CallRequest } from '../dialect.ts';
import type { FirmwareStatus, LogStatus } from '../maintenance.ts';
import { instant } from '../smart-charging/charging-schedule.ts';
import { command, type SimulatedCommand } from './answer-command.ts';

const FirmwareAsked = z.object({
  requestId: z.number(),
  firmware: z.object({ location: z.string(), retrieveDateTime: instant, installDateTime: instant.optional() }),
});
const LogAsked = z.object({ requestId: z.number(), log: z.object({ remoteLocation: z.string() }) });

/** UpdateFirmware of OCPP 2.x, and SignedUpdateFirmware of the security extension of 1.6. `told` words how far it has come. */
export const firmwareUpdate = (told: (status: FirmwareStatus, requestId: number) => CallRequest): SimulatedCommand =>
  command((payload, { maintenance }) => {
    const { requestId, firmware } = FirmwareAsked.parse(payload);
    const status = maintenance.updateFirmware({
      location: firmware.location,
      retrieveAt: firmware.retrieveDateTime,
      installAt: firmware.installDateTime,
      told: (reached) => told(reached, requestId),
    });
    return { status };
  });

/** GetLog of OCPP 2.x and of the security extension of 1.6. `told` words how far the upload has come. */
export const logUpload = (told: (status: LogStatus, requestId: number) => CallRequest): SimulatedCommand =>
  command((payload, { maintenance }) => {
    const { requestId, log } = LogAsked.parse(payload);
    return maintenance.uploadLog({ location: log.remoteLocation, told: (status) => told(status, requestId) });
  });
