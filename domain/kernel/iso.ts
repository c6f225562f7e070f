/** An instant (ms since the epoch) as ISO 8601 text in UTC. */
export const iso = (atMs: number): string => new Date(atMs).toISOString();
