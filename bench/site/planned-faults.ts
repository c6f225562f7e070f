import type { ChargePoint } from '../../simulator/charge-point/charge-point.ts';
import { type Random, random } from '../../simulator/random.ts';
import type { SimulatedSite } from './simulated-site.ts';

export type FaultKind =
  | 'charger lost'
  | 'charger rejects'
  | 'charger ignores'
  | 'charger late'
  | 'meter lost'
  | 'cloud lost';

/** Something that goes wrong at a site for a while; without `stationId` at the whole site. */
export type PlannedFault = {
  readonly kind: FaultKind;
  readonly siteId: string;
  readonly stationId?: string;
  readonly at: number;
  readonly durationMs: number;
};

const MINUTE_MS = 60_000;

/** How a charger is told to treat a limit. */
const misbehaviour = {
  'charger rejects': 'SetChargingProfile=reject',
  'charger ignores': 'SetChargingProfile=ignore',
  'charger late': 'SetChargingProfile=late:20000',
} as const satisfies Partial<Record<FaultKind, string>>;

const lasting = {
  'charger lost': [2, 25],
  'charger rejects': [5, 30],
  'charger ignores': [5, 30],
  'charger late': [10, 30],
  'meter lost': [3, 20],
} as const;

/** Faults of a day: at each site each kind of its own a few times, and once the cloud for all sites. */
export const plannedFaults = (
  sites: readonly SimulatedSite[],
  {
    seed,
    startAt,
    durationMs,
  }: { readonly seed: number | string; readonly startAt: number; readonly durationMs: number },
): readonly PlannedFault[] => {
  const cloudMs = Math.min(30 * MINUTE_MS, durationMs / 4);
  const cloudAt = startAt + durationMs * 0.6;
  const times = Math.max(1, Math.round(durationMs / (8 * 60 * MINUTE_MS)));
  const ofSite = ({ configuration: { siteId }, stations }: SimulatedSite, chance: Random): readonly PlannedFault[] => {
    const own = Object.entries(lasting).flatMap(([kind, [least, most]]) =>
      Array.from({ length: times }, (): PlannedFault => {
        const forMs = Math.min(chance.between(least, most) * MINUTE_MS, durationMs / 5);
        const at = startAt + chance.between(0.15, 0.9) * durationMs;
        const [first = undefined, ...others] = stations;
        if (first === undefined) throw new Error(`${siteId} has no stations`);
        const { stationId } = chance.pick([first, ...others]);
        const where = kind === 'meter lost' ? { siteId } : { siteId, stationId };
        return { kind: kind as FaultKind, ...where, at, durationMs: forMs };
      }),
    );
    return [...own, { kind: 'cloud lost', siteId, at: cloudAt, durationMs: cloudMs }];
  };
  return sites.flatMap((site) => ofSite(site, random(`${seed} faults ${site.configuration.siteId}`)));
};

/** Makes a charger misbehave, or be gone, for as long as the fault lasts. */
export const befall = (
  { kind, durationMs }: PlannedFault,
  point: ChargePoint,
  after: (ms: number, run: () => void) => void,
) => {
  if (kind === 'charger lost') return void point.lose(durationMs);
  if (kind === 'meter lost' || kind === 'cloud lost') return;
  point.behave(misbehaviour[kind]);
  after(durationMs, () => point.behave('normal'));
};
