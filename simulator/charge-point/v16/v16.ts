import { z } from 'zod';
import type { Dialect, Identity, Said } from '../dialect.ts';
import type { Sample, Transaction } from '../simulated-connector.ts';

const iso = (at: number): string => new Date(at).toISOString();
const say = (action: string, payload: Said['payload']): Said => ({ action, payload });

const Heard = z.object({
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

const currents = ({ powerW, voltageV, phases, alternating }: Sample): SampledValue[] => {
  const measurand = 'Current.Import';
  if (!alternating) return [{ value: (powerW / voltageV).toFixed(2), measurand, unit: 'A' }];
  return ['L1', 'L2', 'L3']
    .slice(0, phases)
    .map((phase) => ({ value: (powerW / voltageV / phases).toFixed(2), measurand, unit: 'A', phase }));
};

/** What the meter shows, as OCPP 1.6 wants it: every value a string. */
const sampledValues = (sample: Sample, unit: Identity['unit']): (SampledValue & { context: string })[] => {
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

export const v16: Dialect = {
  protocol: 'ocpp1.6',
  boot: ({ stationId, vendor, model, firmware }) =>
    say('BootNotification', () => ({
      chargePointVendor: vendor,
      chargePointModel: model,
      chargePointSerialNumber: stationId,
      firmwareVersion: firmware,
    })),
  heartbeat: () => say('Heartbeat', () => ({})),
  authorize: (idTag) => say('Authorize', () => ({ idTag })),
  statusWord: (status) => status,
  status: ({ connectorId, status, errorCode, statusAt }) =>
    say('StatusNotification', () => ({ connectorId, status, errorCode, timestamp: iso(statusAt) })),
  started: ({ connectorId }, { tag }, { at, registerWh }) =>
    say('StartTransaction', () => ({
      connectorId,
      idTag: tag,
      meterStart: Math.floor(registerWh),
      timestamp: iso(at),
    })),
  progressed: () => undefined,
  sampled: ({ connectorId }, transaction, sample, { unit }) =>
    say('MeterValues', () => ({
      connectorId,
      ...(transaction.transactionId === undefined ? {} : { transactionId: idOf(transaction) }),
      meterValue: [{ timestamp: iso(sample.at), sampledValue: sampledValues(sample, unit) }],
    })),
  ended: (_plug, transaction, { at, registerWh }, reason) =>
    say('StopTransaction', () => ({
      transactionId: idOf(transaction),
      idTag: transaction.tag,
      meterStop: Math.floor(registerWh),
      timestamp: iso(at),
      reason,
    })),
  heard: (answer) => {
    const { transactionId, idTagInfo } = Heard.parse(answer);
    return {
      ...(idTagInfo ? { verdict: idTagInfo.status } : {}),
      ...(transactionId === undefined ? {} : { transactionId }),
    };
  },
};
