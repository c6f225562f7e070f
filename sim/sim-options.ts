/** How rough the world is. */
export const profiles = ['calm', 'rough', 'storm'] as const;
export type Profile = (typeof profiles)[number];

/** What makes a run: the same options give the same run, on any machine. */
export type SimOptions = {
  readonly seed: number;
  readonly stations: number;
  /** How long chargers live before they are let come to rest. */
  readonly days: number;
  readonly profile: Profile;
};

export const usualOptions = { stations: 10, days: 0.25, profile: 'storm' } as const satisfies Partial<SimOptions>;
