import type { BusEvent } from '../../local/stack/local-service.ts';
import type { ChargePoint } from '../../simulator/charge-point/charge-point.ts';
import type { DemoNetwork, DemoStation } from '../../simulator/demo-network.ts';
import type { Traffic } from '../../simulator/traffic.ts';
import type { Asked } from '../actors/actor.ts';
import type { Doubt } from '../faults/fault.ts';
import type { Frame } from '../faults/interference.ts';
import type { PlannedFault } from '../faults/plan-faults.ts';
import type { Publication } from '../services/sim-sns.ts';
import type { SimOptions } from '../sim-options.ts';
import type { LineChange } from '../stack/simulated-gateway.ts';
import type { SimulatedStack } from '../stack/simulated-stack.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

/** A text with its instant and its place among all others. */
export type HeardFrame = Frame & { readonly at: number; readonly order: number };

/** A line that began or ended, and when. */
export type LineMoment = LineChange & { readonly at: number };

/** The stack and its chargers, with what was seen of them from outside. */
export type World = {
  readonly options: SimOptions;
  readonly time: VirtualTime;
  readonly network: DemoNetwork;
  readonly stack: SimulatedStack;
  readonly points: ReadonlyMap<string, ChargePoint>;
  readonly traffic: Traffic;
  /** When chargers began, and when they were let come to rest, ms since the epoch. */
  readonly startedAt: number;
  readonly restedAt: number;
  /** Texts that arrived, on both ways. */
  readonly frames: readonly HeardFrame[];
  /** Texts the gateway put on a line, whether they arrived or not. */
  readonly posted: readonly HeardFrame[];
  /** Lines as the gateway and AWS IoT saw them begin and end. */
  readonly lines: readonly LineMoment[];
  /** The stations that speak over MQTT. */
  readonly overMqtt: ReadonlySet<string>;
  /** What went wrong, and when. */
  readonly plan: readonly PlannedFault[];
  /** Chargers whose word could not be trusted at some time. */
  readonly doubts: ReadonlyMap<string, ReadonlySet<Doubt>>;
  /** The station that no charger stands for. */
  readonly stranger: DemoStation;
  /** What was asked of the stack from outside. */
  readonly asked: readonly Asked[];
  readonly events: readonly BusEvent[];
  readonly notifications: readonly Publication[];
  /** What the runtime gave up, and failures nobody took. */
  readonly reports: readonly string[];
};
