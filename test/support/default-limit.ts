/** The payload of SetChargingProfile (OCPP 1.6) for a limit of all that charge on connector 1, A per phase or W. */
export const defaultLimit = (chargingRateUnit: 'A' | 'W', limit: number) => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit, chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  },
});
