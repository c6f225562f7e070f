const DIRECT_CURRENT = /ccs|combo|chademo|nacs|tesla|mcs|pantograph|dc/i;

/**
 * Nominal voltage of a connector by its type, V: 230 between phase and neutral where it delivers alternating current
 * (IEC 60038), 400 where it delivers direct current, the class of most batteries. Good enough to tell a current from a
 * power, and a power from a current, where the station reports no voltage.
 */
export const nominalVoltageV = (connectorType: string): number => (DIRECT_CURRENT.test(connectorType) ? 400 : 230);
