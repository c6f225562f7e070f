const DIRECT_CURRENT = /ccs|combo|chademo|nacs|tesla|mcs|pantograph|dc/i;

/** Whether a type of connector usually delivers direct current. */
export const isDirectCurrent = (connectorType: string): boolean => DIRECT_CURRENT.test(connectorType);

/** Between phase and neutral of a grid, V (IEC 60038). */
export const PHASE_VOLTAGE_V = 230;
/** The class of most batteries, V. */
const BATTERY_VOLTAGE_V = 400;

/**
 * Nominal voltage of a connector by its type, V: 230 between phase and neutral where it delivers alternating current, 400
 * where it delivers direct current. Good enough to tell a current from a
 * power, and a power from a current, where the station reports no voltage.
 */
export const nominalVoltageV = (connectorType: string): number =>
  isDirectCurrent(connectorType) ? BATTERY_VOLTAGE_V : PHASE_VOLTAGE_V;
