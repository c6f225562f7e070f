import type { Reading } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { UNKNOWN_RATING_W } from './register.ts';

/** What is known of the connector a reading comes from. `ratedW` 0 is unknown. */
export type MeteredConnector = { readonly ratedW: number; readonly connectorType: string };

/** A reading without what its connector cannot mean. */
export type BelievableReading = { readonly reading: Reading; readonly suspect?: string };

/** Connectors deliver a little more than their rating: voltages are above nominal, ratings are rounded. */
const RATING_TOLERANCE = 1.2;
/** Volts of one phase where none are reported: nominal in most of the world; elsewhere an estimate all the same. */
const NOMINAL_PHASE_V = 230;

const isDirectCurrent = (connectorType: string): boolean => /ccs|combo|chademo|nacs|dc\b|gb.?t/i.test(connectorType);

/** The most power a connector can show, W. */
export const mostPowerW = (ratedW: number): number => (ratedW > 0 ? ratedW : UNKNOWN_RATING_W) * RATING_TOLERANCE;

/**
 * A reading as its connector can mean it. Power beyond the rating is left out, and suspected where it was told: what two
 * registers of one message seem to say is the step of a coarse one, or judged as a register. A state of charge of 0 is none
 * where the car does not tell it (alternating current); current without voltage, power and register is taken at nominal
 * voltage, on alternating current only.
 */
export const believableReading = (given: Reading, { ratedW, connectorType }: MeteredConnector): BelievableReading => {
  const isDirect = isDirectCurrent(connectorType);
  const { powerW, powerSource, socPercent, ...others } = given;
  const isTooMuch = powerW !== undefined && powerW > mostPowerW(ratedW);
  const isNoSoc = socPercent === 0 && !isDirect;
  const { energyWh, intervalWh, voltageV, currentA } = given;
  const isCurrentAlone = [powerW, energyWh, intervalWh, voltageV].every((value) => value === undefined);
  const fromCurrentW = isCurrentAlone && !isDirect && currentA !== undefined ? currentA * NOMINAL_PHASE_V : undefined;
  const believed = isTooMuch ? undefined : (powerW ?? fromCurrentW);
  return {
    reading: {
      ...others,
      ...omitUndefined({
        powerW: believed !== undefined && believed > mostPowerW(ratedW) ? undefined : believed,
        powerSource: fromCurrentW === undefined ? powerSource : ('voltage-current' as const),
        socPercent: isNoSoc ? undefined : socPercent,
      }),
    },
    ...(isTooMuch && powerSource !== 'energy' ? { suspect: 'power exceeds what the connector can deliver' } : {}),
  };
};
