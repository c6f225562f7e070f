/** A power (W) in kW, to 10 W. */
export const inKw = (powerW: number): number => Math.round(powerW / 10) / 100;
