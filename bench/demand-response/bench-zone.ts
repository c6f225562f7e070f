import type { Vehicle } from '../../simulator/charge-point/cars/vehicle.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';

/** How a station of the bench takes its limit. */
export const habits = ['obeys', 'slow', 'ignores', 'rejects', 'silent', 'no-maximum'] as const;
export type Habit = (typeof habits)[number];

/** A station with the car that charges at it as long as the bench runs. */
export type BenchStation = {
  readonly station: DemoStation;
  readonly tag: string;
  readonly vehicle: Vehicle;
  readonly habit: Habit;
};

/** In the words of a simulated charger's behaviour; undefined: it does what it is told. */
export const wordsOf = (habit: Habit): string | undefined => {
  switch (habit) {
    case 'obeys':
      return undefined;
    case 'slow':
      return 'obedience=slow:3000:2000';
    case 'ignores':
      return 'obedience=none';
    case 'rejects':
      return 'SetChargingProfile=reject';
    case 'silent':
      return 'SetChargingProfile=ignore';
    case 'no-maximum':
      return 'station-maximum=off';
  }
};

/** Stations that follow their limits sooner or later; of the others nothing can be had. */
export const isObedient = (habit: Habit): boolean => habit === 'obeys' || habit === 'slow';

/** Of twenty stations: ten percent accept and ignore, as many know no maximum for the whole, one each is slow, rejects or is silent. */
const habitOf = (index: number): Habit => {
  const turn: Readonly<Record<number, Habit>> = {
    3: 'ignores',
    13: 'ignores',
    5: 'no-maximum',
    15: 'no-maximum',
    7: 'slow',
    10: 'rejects',
    18: 'silent',
  };
  return turn[index % 20] ?? 'obeys';
};

type Kind = Pick<Vehicle, 'phases' | 'perPhaseW' | 'directW'> & {
  readonly connectorType: string;
  readonly ratedW: number;
};

/** Chargers and cars in turn: direct current, three phases, and cars with one phase at outlets of one and of three. */
const kinds: readonly [Kind, ...Kind[]] = [
  { connectorType: 'CCS', ratedW: 50_000, phases: 3, perPhaseW: 3_700, directW: 150_000 },
  { connectorType: 'Type2', ratedW: 22_000, phases: 3, perPhaseW: 7_400, directW: 150_000 },
  { connectorType: 'CCS', ratedW: 120_000, phases: 3, perPhaseW: 3_700, directW: 90_000 },
  { connectorType: 'Type2', ratedW: 11_000, phases: 3, perPhaseW: 3_700, directW: 150_000 },
  { connectorType: 'Type2', ratedW: 7_400, phases: 1, perPhaseW: 7_400, directW: 150_000 },
  { connectorType: 'CCS', ratedW: 150_000, phases: 3, perPhaseW: 3_700, directW: 120_000 },
  { connectorType: 'Type2', ratedW: 22_000, phases: 1, perPhaseW: 7_400, directW: 150_000 },
];

export const ZONE = 'bench-zone';
/** One station apart from the zone, for an event that starts all functions before they are measured. */
export const WARM_UP_ZONE = 'bench-warm-up';

const padded = (index: number): string => String(index + 1).padStart(4, '0');

const benchStation = (index: number, place: { readonly siteId: string; readonly zoneId: string }): BenchStation => {
  const { connectorType, ratedW, ...car } = kinds[index % kinds.length] ?? kinds[0];
  const stationId = `DR-${padded(index)}`;
  return {
    station: {
      stationId,
      password: `password-of-${stationId}`,
      ...place,
      region: 'bench',
      timeZone: 'UTC',
      latitude: 0,
      longitude: 0,
      vendor: 'Bench',
      model: connectorType,
      firmware: '1',
      contractMaxW: ratedW,
      connectors: [{ evseId: 1, connectorId: 1, connectorType, ratedW }],
      admission: 'accepted',
      ocpp: index % 5 < 3 ? '1.6' : '2.0.1',
    },
    tag: `DRTAG${padded(index)}`,
    // Large and empty: what it draws does not change by itself while the bench runs.
    vehicle: { ...car, batteryWh: 400_000, socPercent: 10, targetPercent: 95, takesShare: 1, wavers: 0.03 },
    habit: habitOf(index),
  };
};

/** So many stations of one zone, over sites of twenty, each with one car that is far from full. */
export const benchZone = (count: number): readonly BenchStation[] =>
  Array.from({ length: count }, (_, index) =>
    benchStation(index, { siteId: `bench-site-${Math.floor(index / 20)}`, zoneId: ZONE }),
  );

/** The stations of the zone, and after them the one that warms up: it does what it is told. */
export const benchStations = (count: number): readonly BenchStation[] => [
  ...benchZone(count),
  { ...benchStation(count, { siteId: 'bench-warm-up', zoneId: WARM_UP_ZONE }), habit: 'obeys' },
];
