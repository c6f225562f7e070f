/** Figures as people read them in a summary. */
export const powerText = (powerW: number): string => `${(powerW / 1000).toFixed(1)} kW`;
export const durationText = (durationMs: number): string => `${Math.round(durationMs / 60_000)} min`;
