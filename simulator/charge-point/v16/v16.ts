import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { CallRequest, Dialect, Identity } from '../dialect.ts';
import { conductorsOf } from '../read-meter.ts';
import type { MeterSample, Transaction } from '../simulated-connector.ts';

const iso = (at: number): string => new Date(at).toISOString();
const request = (action: string, payload: CallRequest['payload']): CallRequest => ({ action, payload });

const Answer = z.object({
  transactionId: z.number().optional(),
  idTagInfo: z.object({ status: z.string() }).optional(),
});

const inUnit = (wattHours: number, unit: Identity['unit']): string =>
  unit === 'Wh' ? String(Math.floor(wattHours)) : (Math.floor(wattHours) / 1000).toFixed(3);

type SampledValue = {
  readonly value: string;
  readonly measurand: string;
  readonly unit: string;
  readonly phase?: string;
};

const currents = (sample: MeterSample): SampledValue[] => {
  const { powerW, voltageV, phases, alternating } = sample;
  const measurand = 'Current.Import';
  if (!alternating) return [{ value: (powerW / voltageV).toFixed(2), measurand, unit: 'A' }];
  const value = (powerW / voltageV / phases).toFixed(2);
  return conductorsOf(sample).map((phase) => ({ value, measurand, unit: 'A', phase }));
};

/** What the meter shows, as OCPP 1.6 wants it: every value a string. */
const sampledValues = (sample: MeterSample, unit: Identity['unit']): (SampledValue & { context: string })[] => {
  const { powerW, registerWh, socPercent, temperatureC, voltageV, alternating, offeredW } = sample;
  const inKilo = unit === 'kWh';
  const values: SampledValue[] = [
    { value: inUnit(registerWh, unit), measurand: 'Energy.Active.Import.Register', unit },
    inKilo
      ? { value: (powerW / 1000).toFixed(3), measurand: 'Power.Active.Import', unit: 'kW' }
      : { value: powerW.toFixed(1), measurand: 'Power.Active.Import', unit: 'W' },
    ...currents(sample),
    { value: voltageV.toFixed(1), measurand: 'Voltage', unit: 'V', ...(alternating ? { phase: 'L1-N' } : {}) },
    ...(Number.isFinite(offeredW) ? [{ value: offeredW.toFixed(0), measurand: 'Power.Offered', unit: 'W' }] : []),
    ...(socPercent === undefined ? [] : [{ value: socPercent.toFixed(0), measurand: 'SoC', unit: 'Percent' }]),
    { value: temperatureC.toFixed(1), measurand: 'Temperature', unit: 'Celsius' },
  ];
  return values.map((value) => ({ ...value, context: 'Sample.Periodic' }));
};

/** -1 stands for a transaction the CSMS never gave an id (OCPP 1.6 errata 3.18). */
const idOf = ({ transactionId }: Transaction): number => (typeof transactionId === 'number' ? transactionId : -1);

/** The words of OCPP 1.6. */
export const v16: Dialect = {
  protocol: 'ocpp1.6',
  boot: ({ stationId, vendor, model, firmware }) =>
    request('BootNotification', () => ({
      chargePointVendor: vendor,
      chargePointModel: model,
      chargePointSerialNumber: stationId,
      firmwareVersion: firmware,
    })),
  heartbeat: () => request('Heartbeat', () => ({})),
  authorize: (idTag) => request('Authorize', () => ({ idTag })),
  statusWord: (status) => status,
  status: ({ connectorId, status, errorCode, statusAt }) =>
    request('StatusNotification', () => ({ connectorId, status, errorCode, timestamp: iso(statusAt) })),
  started: ({ connectorId }, { tag }, { at, registerWh }) =>
    request('StartTransaction', () => ({
      connectorId,
      idTag: tag,
      meterStart: Math.floor(registerWh),
      timestamp: iso(at),
    })),
  stateChanged: () => undefined,
  sampled: ({ connectorId }, transaction, sample, { unit }) =>
    request('MeterValues', () => ({
      connectorId,
      ...omitUndefined({
        transactionId: transaction.transactionId === undefined ? undefined : idOf(transaction),
      }),
      meterValue: [{ timestamp: iso(sample.at), sampledValue: sampledValues(sample, unit) }],
    })),
  ended: (transaction, { at, registerWh }, reason) =>
    request('StopTransaction', () => ({
      transactionId: idOf(transaction),
      idTag: transaction.tag,
      meterStop: Math.floor(registerWh),
      timestamp: iso(at),
      reason,
    })),
  reservationEnded: () => undefined,
  metered: ({ connectorId }, sample, { unit }) =>
    request('MeterValues', () => ({
      connectorId,
      meterValue: [
        {
          timestamp: iso(sample.at),
          sampledValue: sampledValues(sample, unit).map((value) => ({ ...value, context: 'Trigger' })),
        },
      ],
    })),
  readAnswer: (answer) => {
    const { transactionId, idTagInfo } = Answer.parse(answer);
    return omitUndefined({ authorization: idTagInfo?.status, transactionId });
  },
};
