import { HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';
import { SEEN_KEPT } from './alert.ts';

/** Figures the rules judge by: one set for the network ('*'), each site may override any of them. */
export const defaultThresholds = {
  /** A socket may be gone this long before its station counts as offline: the 2-hour and 10-minute cuts are normal. */
  offlineGraceMs: 5 * MINUTE_MS,
  /** What BootNotification tells the charger. */
  heartbeatIntervalMs: 540_000,
  silentHeartbeats: 3,
  shortConnectionMs: 10 * MINUTE_MS,
  shortConnections: 5,
  shortConnectionsWithinMs: HOUR_MS,
  /** A jump of the delay between a live stamp and its arrival. */
  latencySpreadMs: 30_000,
  signalDbm: -105,
  lowPowerW: 1_000,
  lowPowerWindowMs: 10 * MINUTE_MS,
  /** The window for a session that charged as it should before: its car may be full. */
  lowPowerAfterChargeMs: 30 * MINUTE_MS,
  /** Above this a battery tapers: low power is normal. */
  highSocPercent: 80,
  stallMs: 10 * MINUTE_MS,
  stallSampleIntervals: 3,
  longSessionMs: 24 * HOUR_MS,
  idleOccupiedMs: 30 * MINUTE_MS,
  highTemperatureC: 80,
  temperatureHysteresisC: 5,
  temperatureHoldMs: HOUR_MS,
  overloadDwellMs: 2 * MINUTE_MS,
  /** An overload ends only below limit x (1 - this). */
  overloadHysteresisPercent: 3,
  /** 0: this site has no limit of its own. */
  siteLimitW: 0,
  setpointToleranceW: 500,
  setpointTolerancePercent: 5,
  setpointSettleMs: 2 * MINUTE_MS,
  subMeterTolerancePercent: 10,
  subMeterToleranceW: 1_000,
  subMeterDwellMs: 15 * MINUTE_MS,
  clockSkewMs: 60_000,
  commandHoldMs: HOUR_MS,
  /** How long a station may take to do what it agreed to, once no session is in the way. */
  availabilityDeadlineMs: 5 * MINUTE_MS,
  tamperHoldMs: 24 * HOUR_MS,
  groundFaultHoldMs: 24 * HOUR_MS,
  anomalyMinConnectors: 20,
  anomalyMinFaulted: 3,
  /** How many times the fault rate of the rest of the network. */
  anomalyTimes: 3,
  anomalyDwellMs: 10 * MINUTE_MS,
  responseShortfallPercent: 10,
  responseDwellMs: 2 * MINUTE_MS,
  parkedHoldMs: HOUR_MS,
  reopenMs: 15 * MINUTE_MS,
  flapStarts: 4,
  flapWithinMs: HOUR_MS,
  flapQuietMs: 30 * MINUTE_MS,
  /** 0: an alert of this severity never escalates. */
  escalateCriticalMs: 15 * MINUTE_MS,
  escalateMajorMs: HOUR_MS,
  escalateWarningMs: 0,
  escalateInfoMs: 0,
};
export type Thresholds = Readonly<Record<keyof typeof defaultThresholds, number>>;
export type ThresholdName = keyof Thresholds;

export const thresholdNames = Object.keys(defaultThresholds).filter(
  (name): name is ThresholdName => name in defaultThresholds,
);

/** The only threshold that is not a magnitude: radio signal strength. */
const mayBeNegative: readonly ThresholdName[] = ['signalDbm'];

/** A hundred years in ms, and more watts than any site has. */
const MOST = 4e12;

const leastOf = (name: ThresholdName): number => {
  if (mayBeNegative.includes(name)) return -MOST;
  // One start within the hour is no flapping, and a window without length has no mean.
  if (name === 'flapStarts') return 2;
  return name === 'lowPowerWindowMs' || name === 'lowPowerAfterChargeMs' ? MINUTE_MS : 0;
};
const mostOf = (name: ThresholdName): number => {
  if (name === 'shortConnections') return SEEN_KEPT;
  return name.endsWith('Percent') ? 100 : MOST;
};

const ranges = new Map<string, readonly [least: number, most: number]>(
  thresholdNames.map((name) => [name, [leastOf(name), mostOf(name)]]),
);

/** Why these overrides cannot stand (unknown name, no finite number, out of its range), one text per fault; empty when they can. */
export const thresholdFaults = (overrides: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(overrides).flatMap(([name, value]) => {
    const range = ranges.get(name);
    if (range === undefined) return [`${name} is not a threshold`];
    if (typeof value !== 'number' || !Number.isFinite(value)) return [`${name} must be a finite number`];
    const [least, most] = range;
    return value < least || value > most ? [`${name} must be ${least} to ${most}`] : [];
  });

/** Overrides per scope: '*' or a siteId. */
export type ThresholdOverrides = Readonly<Record<string, Partial<Thresholds>>>;

/** What rules can judge by of figures people have set: earlier versions took some that are out of range now, or no threshold. */
const withinRange = (overrides: Partial<Thresholds> = {}): Partial<Thresholds> => {
  const within: Record<string, number> = {};
  for (const [name, value] of Object.entries(overrides)) {
    const range = ranges.get(name);
    if (range === undefined) continue;
    const [least, most] = range;
    within[name] = Math.min(Math.max(value, least), most);
  }
  return within;
};

/** What holds at a site: its own figures over the network's over the built-in ones. */
export const thresholdsFor = (siteId: string | undefined, overrides: ThresholdOverrides): Thresholds => ({
  ...defaultThresholds,
  ...withinRange(overrides['*']),
  ...(siteId === undefined ? {} : withinRange(overrides[siteId])),
});
