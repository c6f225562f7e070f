import type { Payload } from '../../../ocpp/payload.ts';
import type { Identity } from '../dialect.ts';
import { conductorsOf } from '../read-meter.ts';
import type { MeterSample } from '../simulated-connector.ts';

const currents = (sample: MeterSample): Payload[] => {
  const { powerW, voltageV, phases, alternating } = sample;
  const measurand = 'Current.Import';
  const unitOfMeasure = { unit: 'A' };
  if (!alternating) return [{ value: Number((powerW / voltageV).toFixed(2)), measurand, unitOfMeasure }];
  const value = Number((powerW / voltageV / phases).toFixed(2));
  return conductorsOf(sample).map((phase) => ({ value, measurand, phase, unitOfMeasure }));
};

/** The import register, whole Wh (or thousandths of a kWh). */
export const register = ({ registerWh }: MeterSample, unit: Identity['unit'] = 'Wh'): Payload => ({
  value: unit === 'Wh' ? Math.floor(registerWh) : Math.floor(registerWh) / 1000,
  measurand: 'Energy.Active.Import.Register',
  unitOfMeasure: { unit },
});

/** Everything the meter shows during a transaction. */
export const sampledValue = (sample: MeterSample, unit: Identity['unit']): Payload[] => {
  const { powerW, socPercent, temperatureC: _unreported, voltageV, alternating } = sample;
  return [
    register(sample, unit),
    // The multiplier is a power of ten: 11.04 with 3 and W means 11,040 W.
    unit === 'kWh'
      ? {
          value: Number((powerW / 1000).toFixed(3)),
          measurand: 'Power.Active.Import',
          unitOfMeasure: { unit: 'W', multiplier: 3 },
        }
      : { value: Number(powerW.toFixed(1)), measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
    ...currents(sample),
    {
      value: Number(voltageV.toFixed(1)),
      measurand: 'Voltage',
      ...(alternating ? { phase: 'L1-N' } : {}),
      unitOfMeasure: { unit: 'V' },
    },
    ...(socPercent === undefined
      ? []
      : [{ value: Math.floor(socPercent), measurand: 'SoC', unitOfMeasure: { unit: 'Percent' } }]),
  ];
};
