import type { GridPhase } from '../registry/electrics.ts';

export type ControlledSession = {
  readonly id: string;
  /** Below this the car does not charge at all: it is given this much or paused. */
  readonly minW: number;
  /** What keeps the session from taking more; the lowest counts. One below `minW` is raised to it. */
  readonly upperBounds: readonly [UpperBound, ...UpperBound[]];
  /** Lower goes first; 2 when absent. */
  readonly priority?: number;
  /** How long it has been waiting for power; 0 while it charges. */
  readonly waitingSec?: number;
  /** How long it has been charging since it was last paused; absent while it does not. */
  readonly onForSec?: number;
  /** Orders sessions that waited equally long: lower came first. */
  readonly arrival?: number;
  /** Price per kWh its driver offers, above 0. */
  readonly bid?: number;
  /** What the driver asked for. */
  readonly wish?: DepartureWish;
  /** The car has not taken power for minutes: it keeps its minimum, after everybody else. */
  readonly suspended?: boolean;
  /** Charges only from what the site would otherwise feed into the grid. */
  readonly solarOnly?: boolean;
  /** Phases of the site it draws from (`gridPhasesOf` a connector); absent for direct current. */
  readonly phases?: readonly GridPhase[];
  /** The station can switch this three-phase car to a single phase. */
  readonly singlePhase?: SinglePhaseOption;
  /** Limits are sent in multiples of this; 10 W when absent. For a station that takes amperes see `ampereStepW`: what rounding loses is shared out again. */
  readonly stepW?: number;
};

/** Why a session cannot take more: its rating, its battery near full, or that it left unused what it was given. */
export type UpperBound = { readonly by: 'rating' | 'taper' | 'unused'; readonly powerW: number };

/** `energyWh`: what it still wants by then; absent where its driver names none. */
export type DepartureWish = { readonly departureInSec: number; readonly energyWh?: number };

export type SinglePhaseOption = {
  /** Least and most power on one phase. */
  readonly minW: number;
  readonly maxW: number;
  /** Phases of the site that the station can choose (OCPP 2.x: phaseToUse). */
  readonly choices: readonly [GridPhase, ...GridPhase[]];
  /** What it uses now and since when: it is switched at most every quarter of an hour. */
  readonly now?: { readonly phases: readonly GridPhase[]; readonly forSec: number };
  readonly stepW?: number;
};

/** A session or station that cannot be controlled, at the most it may draw. */
export type ReservedLoad = {
  readonly id: string;
  readonly reservedW: number;
  readonly phases?: readonly GridPhase[];
  /** Kept free for a car that is not there yet: limits have to hold when it comes, but so far it takes nothing of the sun. */
  readonly isToCome?: true;
};
