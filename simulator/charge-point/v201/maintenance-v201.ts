import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import { firmwareUpdate, logUpload } from '../commands/maintenance-orders.ts';
import type { CallRequest } from '../dialect.ts';
import type { FirmwareStatus, LogStatus } from '../maintenance.ts';

const told = (action: string, payload: Payload): CallRequest => ({ action, payload: () => payload });
const withId = (status: string, requestId: number | undefined): Payload =>
  requestId === undefined ? { status } : { status, requestId };

/** How far the last firmware update has come. */
export const firmwareStatusV201 = (status: FirmwareStatus, requestId?: number): CallRequest =>
  told('FirmwareStatusNotification', withId(status, requestId));

/** How far the last upload of a log has come. */
export const logStatusV201 = (status: LogStatus, requestId?: number): CallRequest =>
  told('LogStatusNotification', withId(status, requestId));

const customerInformation = (payload: Payload, { tellSoon, now }: Controls): Payload => {
  const { requestId, report } = z.object({ requestId: z.number(), report: z.boolean() }).parse(payload);
  const nothing = { requestId, data: '', seqNo: 0, generatedAt: new Date(now()).toISOString() };
  if (report) tellSoon([told('NotifyCustomerInformation', nothing)]);
  return { status: 'Accepted' };
};

/** Firmware, logs, and what a station keeps of its customers, in OCPP 2.0.1. */
export const maintenanceV201: Commands = {
  CustomerInformation: command(customerInformation),
  GetLog: logUpload(logStatusV201),
  // No other station fetches its firmware here: what is published stays where it is.
  PublishFirmware: command(() => ({ status: 'Accepted' })),
  UnpublishFirmware: command(() => ({ status: 'NoFirmware' }), 'DownloadOngoing'),
  UpdateFirmware: firmwareUpdate(firmwareStatusV201),
};
