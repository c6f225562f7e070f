import { omitUndefined } from '../kernel/omit-undefined.ts';
import { BATTERY_VOLTAGE_V, isDirectCurrent, PHASE_VOLTAGE_V } from './nominal-voltage.ts';

/**
 * Which phases of the grid (R, S, T, that is L1, L2, L3) the conductors L1, L2, L3 of a connector hang on: OCPP's
 * ConnectorPhaseRotation. A connector on one phase hangs on the first letter.
 */
export const phaseRotations = ['RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'] as const;
export type PhaseRotation = (typeof phaseRotations)[number];

export type GridPhase = 'L1' | 'L2' | 'L3';

/** How a connector is supplied, and between which bounds it can be set. */
export type Electrics = {
  /** Phases of the grid that carry it. A direct-current charger usually draws on three. */
  readonly phases: 1 | 3;
  readonly phaseRotation: PhaseRotation;
  /** Between phase and neutral of its supply, V; where one phase means two lines (split phase), between the lines. */
  readonly voltageV: number;
  /** Circuit of the site that supplies it; absent: it hangs on the site's connection. */
  readonly feeder?: string;
} & (
  | {
      readonly current: 'AC';
      /** Below it the car is paused, A per phase. */
      readonly minimumA: number;
      /** What cable and fuse bear, A per phase, where that is said beside the rated power. */
      readonly ratedA?: number;
    }
  | {
      readonly current: 'DC';
      /** Below it the charger gives nothing, W. */
      readonly minimumW: number;
    }
);

/** A connector as far as its electrics follow from it. */
export type RatedConnector = {
  readonly connectorType: string;
  readonly ratedW: number;
  readonly electrics?: Electrics;
};

/** What an operator may say of a connector's electrics; the rest is assumed. */
export type StatedElectrics = {
  readonly current?: Electrics['current'];
  readonly phases?: Electrics['phases'];
  readonly phaseRotation?: PhaseRotation;
  readonly voltageV?: number;
  readonly feeder?: string;
  readonly minimumA?: number;
  readonly minimumW?: number;
  readonly ratedA?: number;
};

/** IEC 61851-1 has no pilot signal for less. */
export const LEAST_PILOT_A = 6;
/** The largest current of ordinary one-phase charge points, with room for ratings that were rounded up (7.4 kW). */
const ONE_PHASE_A = 32.5;
/** 5 A at 400 V: below it many rectifiers stop. */
const DC_MINIMUM_W = 2_000;

const ONE_PHASE_PLUG = /type ?1|j1772/i;

const assumedPhases = (connectorType: string, ratedW: number, voltageV: number): 1 | 3 =>
  ONE_PHASE_PLUG.test(connectorType) || ratedW <= ONE_PHASE_A * voltageV ? 1 : 3;

/**
 * The electrics of a connector: as stated, and where nothing is stated as usual. The current follows from the type;
 * alternating current is on one phase up to 32 A and for Type 1, with a minimum of 6 A; direct current draws on three phases,
 * with a minimum of 2 kW; the order of phases is RST and the supply has 230 V (IEC 60038).
 */
export const electricsOf = (
  { connectorType, ratedW }: Pick<RatedConnector, 'connectorType' | 'ratedW'>,
  stated: StatedElectrics = {},
): Electrics => {
  const { voltageV = PHASE_VOLTAGE_V, phaseRotation = 'RST', feeder } = stated;
  const supply = { phaseRotation, voltageV, ...omitUndefined({ feeder }) };
  if ((stated.current ?? (isDirectCurrent(connectorType) ? 'DC' : 'AC')) === 'DC') {
    const { phases = 3, minimumW = Math.min(DC_MINIMUM_W, ratedW) } = stated;
    return { current: 'DC', phases, ...supply, minimumW };
  }
  const { phases = assumedPhases(connectorType, ratedW, voltageV), minimumA = LEAST_PILOT_A, ratedA } = stated;
  return { current: 'AC', phases, ...supply, minimumA, ...omitUndefined({ ratedA }) };
};

/** The electrics a connector is registered with, or the usual ones of its type for an entry from before they were kept. */
export const electricsOfConnector = (connector: RatedConnector): Electrics =>
  connector.electrics ?? electricsOf(connector);

/**
 * Nominal voltage at which a connector delivers, V: of alternating current that of its supply, as registered; of direct current
 * 400, the class of most batteries. Good enough to tell a current from a power where the station reports no voltage.
 */
export const nominalVoltageV = (connector: RatedConnector): number => {
  const electrics = electricsOfConnector(connector);
  return electrics.current === 'DC' ? BATTERY_VOLTAGE_V : electrics.voltageV;
};

const gridPhases: Record<PhaseRotation, readonly [GridPhase, GridPhase, GridPhase]> = {
  RST: ['L1', 'L2', 'L3'],
  RTS: ['L1', 'L3', 'L2'],
  SRT: ['L2', 'L1', 'L3'],
  STR: ['L2', 'L3', 'L1'],
  TRS: ['L3', 'L1', 'L2'],
  TSR: ['L3', 'L2', 'L1'],
};

/** Phases of the grid a connector draws on, in the order of its own conductors. */
export const gridPhasesOf = ({
  phases,
  phaseRotation,
}: Pick<Electrics, 'phases' | 'phaseRotation'>): readonly GridPhase[] => gridPhases[phaseRotation].slice(0, phases);

const powerW = ({ voltageV, phases }: Electrics, currentA: number): number => currentA * voltageV * phases;

/** The least power above 0 a connector can be set to, W. */
export const minimumWOf = (connector: RatedConnector): number => {
  const electrics = electricsOfConnector(connector);
  return electrics.current === 'DC' ? electrics.minimumW : powerW(electrics, electrics.minimumA);
};

/** The most power a connector can carry, W: its rating, and what cable and fuse bear. */
export const maximumWOf = (connector: RatedConnector): number => {
  const electrics = electricsOfConnector(connector);
  return electrics.current === 'DC' || electrics.ratedA === undefined
    ? connector.ratedW
    : Math.min(connector.ratedW, powerW(electrics, electrics.ratedA));
};
