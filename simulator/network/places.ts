/** Where the demo network stands: made-up operators' sites in real towns, so that maps and time zones make sense. */
export type Place = {
  readonly town: string;
  readonly region: string;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
};

export const places: readonly [Place, ...Place[]] = [
  { town: 'Perth', region: 'scotland', timeZone: 'Europe/London', latitude: 56.396, longitude: -3.437 },
  { town: 'Stirling', region: 'scotland', timeZone: 'Europe/London', latitude: 56.117, longitude: -3.937 },
  { town: 'Leeds', region: 'england', timeZone: 'Europe/London', latitude: 53.801, longitude: -1.549 },
  { town: 'Utrecht', region: 'netherlands', timeZone: 'Europe/Amsterdam', latitude: 52.091, longitude: 5.122 },
  { town: 'Eindhoven', region: 'netherlands', timeZone: 'Europe/Amsterdam', latitude: 51.442, longitude: 5.47 },
  { town: 'Kassel', region: 'germany', timeZone: 'Europe/Berlin', latitude: 51.313, longitude: 9.481 },
  { town: 'Freiburg', region: 'germany', timeZone: 'Europe/Berlin', latitude: 47.999, longitude: 7.842 },
  { town: 'Sacramento', region: 'california', timeZone: 'America/Los_Angeles', latitude: 38.582, longitude: -121.494 },
  { town: 'Fresno', region: 'california', timeZone: 'America/Los_Angeles', latitude: 36.738, longitude: -119.787 },
  { town: 'Austin', region: 'texas', timeZone: 'America/Chicago', latitude: 30.267, longitude: -97.743 },
];

/** Kinds of site: what stands there and how many stations share one grid connection. */
export type SiteKind = {
  readonly kind: 'highway' | 'retail' | 'depot' | 'office' | 'street';
  readonly label: string;
  readonly zones: readonly [string, ...string[]];
  readonly stations: readonly [low: number, high: number];
  /** Names of the models that stand there, with repetition as weight. */
  readonly models: readonly [string, ...string[]];
};

export const siteKinds: readonly [SiteKind, ...SiteKind[]] = [
  {
    kind: 'highway',
    label: 'Services',
    zones: ['north', 'south'],
    stations: [4, 6],
    models: ['HPC 350', 'HPC 350', 'HPC 150', 'Trio 50'],
  },
  {
    kind: 'retail',
    label: 'Retail Park',
    zones: ['front', 'deck'],
    stations: [3, 6],
    models: ['HPC 150', 'Trio 50', 'Duo 22', 'Duo 22'],
  },
  {
    kind: 'depot',
    label: 'Bus Depot',
    zones: ['bay-a', 'bay-b'],
    stations: [4, 8],
    models: ['Depot 120', 'Depot 120', 'HPC 150'],
  },
  {
    kind: 'office',
    label: 'Business Park',
    zones: ['garage', 'yard'],
    stations: [4, 8],
    models: ['Duo 11', 'Duo 22', 'Mono 7'],
  },
  {
    kind: 'street',
    label: 'Street',
    zones: ['kerb'],
    stations: [2, 4],
    models: ['Duo 22', 'Duo 11', 'Mono 7'],
  },
];
