import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import type { StationExclusion } from '../../domain/uptime/uptime-row.ts';
import type { ChargePoint } from '../../simulator/charge-point/charge-point.ts';
import type { Clock } from '../../simulator/clock.ts';
import type { DemoNetwork } from '../../simulator/demo-network.ts';
import type { Random } from '../../simulator/random.ts';
import type { SimulatedStack } from '../stack/simulated-stack.ts';

/** What those who act from outside may use. */
export type Stage = {
  readonly network: DemoNetwork;
  readonly points: ReadonlyMap<string, ChargePoint>;
  readonly stack: SimulatedStack;
  readonly clock: Clock;
  /** Nothing new is asked after this instant, ms since the epoch. */
  readonly untilAt: number;
};

/** Somebody beside the chargers who has to do with the stack. What was asked is told to `asked`. */
export type Actor = {
  readonly name: string;
  readonly about: string;
  /** In which share of the seeds. */
  readonly share: number;
  readonly act: (stage: Stage, chance: Random, asked: (request: Asked) => void) => void;
};

/** A time that does not count against a station, or one connector of it. */
export type DeclaredExclusion = Pick<StationExclusion, 'reason' | 'fromAt' | 'toAt' | 'connectorKey'>;

/** Something that was asked of the stack, and that has to come to an end. */
export type Asked =
  | {
      readonly kind: 'command';
      readonly at: number;
      readonly stationId: string;
      readonly requestId: string;
      readonly action: string;
      readonly isOneShot: boolean;
    }
  | {
      readonly kind: 'relief';
      readonly at: number;
      readonly zoneId: string;
      readonly signalId: string;
      readonly endAt: number;
    }
  | { readonly kind: 'control'; readonly siteId: string; readonly limitW: number }
  /** Nothing to be done: what the site draws, against what it may. */
  | {
      readonly kind: 'demand';
      readonly at: number;
      readonly siteId: string;
      readonly powerW: number;
      readonly limitW: number;
    }
  /** All prices there are, and where they hold, from now on. */
  | {
      readonly kind: 'prices';
      readonly at: number;
      readonly tariffs: readonly Tariff[];
      readonly assignments: readonly TariffAssignment[];
    }
  /** All that is excluded from the uptime of a station, from now on. */
  | {
      readonly kind: 'exclusions';
      readonly at: number;
      readonly stationId: string;
      readonly exclusions: readonly DeclaredExclusion[];
    };
