import type { AllocationProblem, Curtailment } from '../../domain/charging/allocation-problem.ts';
import { taperW } from '../../domain/charging/bounded.ts';
import { gridPhases } from '../../domain/charging/constraints-of.ts';
import type {
  ControlledSession,
  ReservedLoad,
  SinglePhaseOption,
  UpperBound,
} from '../../domain/charging/controlled-session.ts';
import { type StrategyName, strategies } from '../../domain/charging/strategies/index.ts';
import type { FieldReader } from '../../domain/kernel/field-reader.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { GridPhase } from '../../domain/registry/electrics.ts';
import {
  forReaders,
  identified,
  names,
  neededObjects,
  neededPower,
  neededSignedPower,
  positive,
  power,
  seconds,
  wattsOf,
  withUniqueIds,
} from './quantities.ts';

/** Published cases write the names of strategies without hyphens. */
const withoutHyphens = (name: StrategyName): string => name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());

/** What strategies are called in these files, either way; absent: weights as given. */
const strategyNames: ReadonlyMap<string, StrategyName> = new Map(
  strategies.flatMap(({ name }) => [[name, name] as const, [withoutHyphens(name), name] as const]),
);

const phasesOf = (reader: FieldReader): readonly GridPhase[] | undefined => {
  if (!reader.has('phases')) return undefined;
  const found = names(reader, 'phases', new Set(gridPhases));
  if (found.length === 0) reader.refuse('phases', 'must name at least one');
  return gridPhases.filter((phase) => found.includes(phase));
};

/** Noise of a difference of two powers, W. */
const NOISE_W = 1e-6;

type Thresholds = { readonly downThresholdW: number; readonly upIncrementW: number };

const thresholdsOf = (reader: FieldReader, otherwise: Thresholds): Thresholds => ({
  downThresholdW: power(reader, 'downThresholdKw') ?? otherwise.downThresholdW,
  upIncrementW: power(reader, 'upIncrementKw') ?? otherwise.upIncrementW,
});

/** Rating, taper near full, and what the car left unused of its last setpoint. */
const upperBoundsOf = (reader: FieldReader, otherwise: Thresholds): ControlledSession['upperBounds'] => {
  const maxW = neededPower(reader, 'maxKw');
  const others: UpperBound[] = [];
  const [socPercent, fromPercent] = ['socPct', 'taperFromPct'].map((name) => reader.number(name, { min: 0, max: 100 }));
  if (socPercent !== undefined && fromPercent !== undefined && socPercent > fromPercent)
    others.push({ by: 'taper', powerW: taperW(maxW, socPercent, fromPercent) });
  const [lastW, measuredW] = [power(reader, 'lastSetpointKw'), power(reader, 'measuredKw')];
  const { downThresholdW, upIncrementW } = thresholdsOf(reader, otherwise);
  if (lastW !== undefined && measuredW !== undefined && lastW - measuredW > downThresholdW + NOISE_W)
    others.push({ by: 'unused', powerW: measuredW + upIncrementW });
  return [{ by: 'rating', powerW: maxW }, ...others];
};

const wishOf = (reader: FieldReader): ControlledSession['wish'] => {
  const departureInSec = seconds(reader, 'departureInSec');
  const energyWh = power(reader, 'wishKwh');
  return energyWh === undefined
    ? undefined
    : { energyWh, departureInSec: reader.needed('departureInSec', departureInSec) };
};

/** Its station can switch it to one of these phases: what it may draw there. */
const singlePhaseOf = (reader: FieldReader | undefined): SinglePhaseOption | undefined => {
  if (reader === undefined) return undefined;
  reader.onlyKnown(['minKw', 'maxKw', 'choices']);
  const found = names(reader, 'choices', new Set(gridPhases));
  const [first, ...others] = gridPhases.filter((phase) => found.includes(phase));
  return {
    minW: neededPower(reader, 'minKw'),
    maxW: neededPower(reader, 'maxKw'),
    choices: [reader.needed('choices', first), ...others],
  };
};

const sessionKeys = [
  ...['id', 'maxKw', 'minKw', 'weight', 'priority', 'waitingSec', 'arrival', 'phases'],
  ...['socPct', 'taperFromPct', 'lastSetpointKw', 'measuredKw', 'downThresholdKw', 'upIncrementKw'],
  ...['controllable', 'reservedKw', 'departureInSec', 'wishKwh', 'singlePhase'],
];

type Load = { readonly controlled: ControlledSession } | { readonly reserved: ReservedLoad };

const loadOf = (reader: FieldReader, otherwise: Thresholds): Load => {
  reader.onlyKnown(sessionKeys);
  const id = identified(reader);
  const shared = { id, ...omitUndefined({ phases: phasesOf(reader) }) };
  const reservedW = power(reader, 'reservedKw');
  const controlled: ControlledSession = {
    ...shared,
    minW: neededPower(reader, 'minKw'),
    upperBounds: upperBoundsOf(reader, otherwise),
    bid: positive(reader, 'weight') ?? 1,
    ...omitUndefined({
      priority: reader.number('priority'),
      waitingSec: seconds(reader, 'waitingSec'),
      arrival: reader.number('arrival'),
      wish: wishOf(reader),
      singlePhase: singlePhaseOf(reader.object('singlePhase')),
    }),
  };
  return (reader.flag('controllable') ?? true)
    ? { controlled }
    : { reserved: { ...shared, reservedW: reader.needed('reservedKw', reservedW) } };
};

const curtailmentOf = (reader: FieldReader | undefined): readonly Curtailment[] => {
  if (reader === undefined) return [];
  reader.onlyKnown(['baselineSiteKw', 'curtailmentPct', 'keepMinimums']);
  return [
    {
      kind: 'share',
      signalId: 'dr',
      baselineW: neededSignedPower(reader, 'baselineSiteKw'),
      percent: reader.needed('curtailmentPct', reader.number('curtailmentPct', { min: 0, max: 100 })),
      keepsMinimums: reader.flag('keepMinimums') ?? false,
    },
  ];
};

const siteOf = (reader: FieldReader): AllocationProblem['site'] => {
  reader.onlyKnown(['limitKw', 'marginPct', 'siteKw', 'evKw']);
  return {
    limitW: neededPower(reader, 'limitKw'),
    marginShare: reader.number('marginPct', { min: 0, max: 1 }) ?? 0,
    load: {
      kind: 'measured',
      siteW: neededSignedPower(reader, 'siteKw'),
      chargingW: neededPower(reader, 'evKw'),
    },
  };
};

const circuitOf = (
  reader: FieldReader,
  ids: ReadonlySet<string>,
): NonNullable<AllocationProblem['circuits']>[number] => {
  reader.onlyKnown(['id', 'limitKw', 'sessions']);
  return {
    id: identified(reader),
    kind: 'feeder',
    limitW: neededPower(reader, 'limitKw'),
    members: names(reader, 'sessions', ids),
  };
};

const supplyOf = (reader: FieldReader | undefined): AllocationProblem['phases'] => {
  if (reader === undefined) return undefined;
  reader.onlyKnown(['voltage', 'limitA']);
  return {
    voltageV: reader.needed('voltage', positive(reader, 'voltage')),
    limitA: reader.needed('limitA', reader.number('limitA', { min: 0 })),
  };
};

const caseKeys = [
  ...forReaders,
  ...['site', 'sessions', 'phases', 'circuits', 'tierMultiplier', 'strategy'],
  ...['periodSec', 'dr', 'downThresholdKw', 'upIncrementKw'],
];

/** The problem a case states. Throws RangeError that names the key which is unknown, missing or out of range. */
export const readSetpointCase = (reader: FieldReader): AllocationProblem => {
  reader.onlyKnown(caseKeys);
  const otherwise = thresholdsOf(reader, { downThresholdW: wattsOf(1), upIncrementW: wattsOf(1) });
  const loads = neededObjects(reader, 'sessions').map((session) => loadOf(session, otherwise));
  const sessions = loads.flatMap((load) => ('controlled' in load ? [load.controlled] : []));
  const reserved = loads.flatMap((load) => ('reserved' in load ? [load.reserved] : []));
  const ids = new Set(withUniqueIds(reader, 'sessions', [...sessions, ...reserved]).map(({ id }) => id));
  const factor = reader.number('tierMultiplier', { min: 0, max: 1 });
  const strategy = reader.word('strategy', [...strategyNames.keys()]);
  const circuits = reader.objects('circuits').map((circuit) => circuitOf(circuit, ids));
  return {
    site: siteOf(reader.needed('site', reader.object('site'))),
    sessions,
    reserved,
    circuits: withUniqueIds(reader, 'circuits', circuits),
    strategy: strategyNames.get(strategy ?? '') ?? 'bid-weighted',
    curtailments: curtailmentOf(reader.object('dr')),
    ...omitUndefined({
      phases: supplyOf(reader.object('phases')),
      tier: factor === undefined ? undefined : { name: `x ${factor}`, factor },
      periodSec: seconds(reader, 'periodSec'),
    }),
  };
};
