import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import type { Commands } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import { firmwareUpdate, logUpload } from '../commands/maintenance-orders.ts';
import type { CallRequest } from '../dialect.ts';
import type { FirmwareStatus, LogStatus } from '../maintenance.ts';
import { instant } from '../smart-charging/charging-schedule.ts';

const told = (action: string, payload: Payload): CallRequest => ({ action, payload: () => payload });

/** How far the last firmware update has come. */
export const firmwareStatusV16 = (status: FirmwareStatus): CallRequest =>
  told('FirmwareStatusNotification', { status });

/** How far the last upload of diagnostics has come. */
export const diagnosticsStatusV16 = (status: LogStatus): CallRequest =>
  told('DiagnosticsStatusNotification', { status: status === 'UploadFailure' ? 'UploadFailed' : status });

/** How far the last upload of a log has come (security extension). */
export const logStatusV16 = (status: LogStatus, requestId?: number): CallRequest =>
  told('LogStatusNotification', requestId === undefined ? { status } : { status, requestId });

const updateFirmware = (payload: Payload, { maintenance }: Controls): Payload => {
  const { location, retrieveDate } = z.object({ location: z.string(), retrieveDate: instant }).parse(payload);
  maintenance.updateFirmware({ location, retrieveAt: retrieveDate, told: firmwareStatusV16 });
  return {};
};

const getDiagnostics = (payload: Payload, { maintenance }: Controls): Payload => {
  const { location } = z.object({ location: z.string() }).parse(payload);
  return { fileName: maintenance.uploadLog({ location, told: diagnosticsStatusV16 }).filename };
};

/** Firmware and logs in OCPP 1.6. Neither UpdateFirmware nor GetDiagnostics has a word for no. */
export const maintenanceV16: Commands = {
  GetDiagnostics: { answer: getDiagnostics },
  GetLog: logUpload(logStatusV16),
  SignedUpdateFirmware: firmwareUpdate((status, requestId) =>
    told('SignedFirmwareStatusNotification', { status, requestId }),
  ),
  UpdateFirmware: { answer: updateFirmware },
};
