const DIRECT_CURRENT = /ccs|combo|chademo|nacs|tesla|mcs|pantograph|dc/i;

/** Whether a type of connector usually delivers direct current. */
export const isDirectCurrent = (connectorType: string): boolean => DIRECT_CURRENT.test(connectorType);

/** Between phase and neutral of a grid, V (IEC 60038). */
export const PHASE_VOLTAGE_V = 230;
/** The class of most batteries, V. */
export const BATTERY_VOLTAGE_V = 400;
