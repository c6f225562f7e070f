import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/kernel/durations.ts';
import { chargePoint } from '../simulator/charge-point/charge-point.ts';
import { inMemory } from '../simulator/charge-point/connection/in-memory.ts';
import { demoNetwork } from '../simulator/demo-network.ts';
import { random } from '../simulator/random.ts';
import { tagPool } from '../simulator/tag-pool.ts';
import { type TrafficCount, traffic } from '../simulator/traffic.ts';
import type { Asked } from './actors/actor.ts';
import { actors } from './actors/index.ts';
import type { Doubt, Fault } from './faults/fault.ts';
import { faults } from './faults/index.ts';
import { type Frame, interferences } from './faults/interference.ts';
import { type PlannedFault, planFaults } from './faults/plan-faults.ts';
import { judge, type Violation } from './judge.ts';
import type { SimOptions } from './sim-options.ts';
import type { Deployed } from './stack/deployed.ts';
import { simulatedStack } from './stack/simulated-stack.ts';
import { replaceGlobals } from './time/replace-globals.ts';
import { virtualTime } from './time/virtual-time.ts';
import { trace } from './trace.ts';
import { everyday } from './world/everyday.ts';
import { overMqtt } from './world/over-mqtt.ts';
import { registerNetwork } from './world/register-network.ts';
import type { HeardFrame, LineMoment, World } from './world/world.ts';

export type RunResult = {
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly traffic: TrafficCount;
  readonly lines: readonly string[];
};

export type RunSettings = {
  /** Whether the history is to be read. */
  readonly keepsLines?: boolean;
  /** What goes wrong. Default: what the seed and the profile say. */
  readonly plan?: readonly PlannedFault[];
};

const faultNamed = (name: string): Fault => {
  const found = faults.find((fault) => fault.name === name);
  if (found === undefined) throw new Error(`There is no fault ${name}`);
  return found;
};

/** A day of the year 2026 by the seed, so that changes of clocks, months and years come up. */
const startOf = (seed: number): number =>
  Date.UTC(2026, 0, 1) +
  random(`start ${seed}`).integer(0, 364) * DAY_MS +
  random(`hour ${seed}`).integer(0, 23) * HOUR_MS;

const STAGGER_MS = 250;
/** More than an outage of an hour takes: what a charger gives up is lost by its own decision, and no fault of the stack. */
const MESSAGE_ATTEMPTS = 1000;
/** All must be as it should be this long after chargers came to rest. */
const REST_MS = 30 * MINUTE_MS;
/** What a charger said, the next sweep but one has seen to. */
const WORKED_OFF_MS = 2 * MINUTE_MS;
/** So long a charger that comes back at the end is waited for. */
const MORE_MINUTES = 5;

/** Runs one seed to its end and has the world judged. */
export const runSeed = async (
  deployed: Deployed,
  options: SimOptions,
  { keepsLines = false, plan = planFaults(options) }: RunSettings = {},
): Promise<RunResult> => {
  const { seed, stations, days } = options;
  const chance = random(`simulation ${seed}`);
  const startedAt = startOf(seed);
  const time = virtualTime(startedAt, chance.fork('time'));
  const { clock, system } = time;
  const history = trace(clock.now, keepsLines);
  const restore = replaceGlobals(clock, chance, (line) => history.note(`log ${line}`));
  try {
    const frames: HeardFrame[] = [];
    const posted: HeardFrame[] = [];
    const lines: LineMoment[] = [];
    const asked: Asked[] = [];
    const noted = (frame: Frame): HeardFrame => ({ ...frame, at: clock.now(), order: frames.length + posted.length });
    const reports: string[] = [];
    const interference = interferences();
    const network = demoNetwork({ stations, seed });
    const [known] = network.stations;
    if (known === undefined) throw new Error('A network without stations');
    const stranger = { ...known, stationId: 'STRANGER', ocpp: '1.6' } as const;
    const mqtt = overMqtt(options, [...network.stations, stranger]);
    const stack = await simulatedStack({
      deployed,
      time,
      chance,
      trace: history,
      interferences: interference,
      overMqtt: mqtt,
      heard: (frame) => void frames.push(noted(frame)),
      posted: (frame) => void posted.push(noted(frame)),
      lined: (change) => void lines.push({ ...change, at: clock.now() }),
      reported: (problem) => void reports.push(problem),
    });
    const doubts = new Map<string, Set<Doubt>>();
    const registered = registerNetwork({ ...network, stations: [...network.stations, stranger] }, stack, system);
    await clock.runUntil(startedAt + MINUTE_MS);
    await registered;

    const counted = traffic();
    const tags = network.tags.filter(({ status }) => status === 'Accepted').map(({ tag }) => tag);
    const [firstTag = 'TAG', ...moreTags] = tags;
    const pool = tagPool([firstTag, ...moreTags]);
    const quieter = random(`traffic ${seed}`).pick([2, 4, 6, 8]);
    const transport = inMemory(stack.csms, () => 20);
    let transactions = 0;
    const points = new Map(
      network.stations.map((station) => [
        station.stationId,
        chargePoint({
          station,
          url: 'in-memory',
          tags: pool,
          chance: chance.fork(station.stationId),
          traffic: counted,
          rate: 1,
          ...everyday(station, quieter, chance.fork(`everyday ${station.stationId}`)),
          messageAttempts: MESSAGE_ATTEMPTS,
          strict: false,
          drops: options.profile !== 'calm',
          faults: true,
          log: (line) => history.note(`charger ${line}`),
          clock,
          newTransactionId: () => `T${++transactions}`,
          transport,
        }),
      ]),
    );
    for (const [index, point] of [...points.values()].entries()) clock.after(index * STAGGER_MS, point.start);
    const untilAt = startedAt + days * DAY_MS - MINUTE_MS;
    for (const { name, share, act } of actors) {
      const own = random(`actor ${seed} ${name}`);
      if (own.chance(share)) act({ network, points, stack, clock, untilAt }, own, (one) => void asked.push(one));
    }
    const doubt = (stationId: string, what: Doubt): void => {
      doubts.set(stationId, (doubts.get(stationId) ?? new Set()).add(what));
    };
    for (const { id, fault, atMs, forMs } of plan)
      clock.after(startedAt + atMs - clock.now(), () => {
        const { strike } = faultNamed(fault);
        history.note(`fault ${id} begins, for ${forMs} ms`);
        const met = strike({ stack, points, stranger, doubt, clock, forMs }, random(id));
        const end = met === undefined ? () => {} : interference.begin(met);
        clock.after(forMs, () => {
          history.note(`fault ${id} ends`);
          end();
        });
      });
    await clock.runUntil(startedAt + days * DAY_MS);
    const restedAt = clock.now();
    for (const point of points.values()) void point.quiesce();
    await clock.runUntil(restedAt + REST_MS);
    // The gateway ends a line after two hours, at this very moment as well: whoever is on the way to the next is waited for,
    // and what it had not been answered and tells again is worked off.
    const areAtRest = (): boolean =>
      [...points.values()].every((point) => point.record().connected && point.record().pending === 0) &&
      !frames.some(
        ({ way, text, at }) => way === 'up' && at > clock.now() - WORKED_OFF_MS && !text.includes('"Heartbeat"'),
      );
    for (let more = 0; more < MORE_MINUTES && !areAtRest(); more += 1) await clock.runUntil(clock.now() + MINUTE_MS);
    const world: World = {
      options,
      time,
      network,
      stack,
      points,
      traffic: counted,
      startedAt,
      restedAt,
      frames,
      posted,
      lines,
      overMqtt: mqtt,
      plan,
      doubts,
      stranger,
      asked,
      events: stack.events(),
      notifications: stack.notifications(),
      reports,
    };
    const judged = judge(world);
    await clock.runUntil(clock.now() + MINUTE_MS);
    const violations = await judged;
    return { hash: history.hash(), violations, traffic: counted.read(), lines: history.lines() };
  } finally {
    restore();
  }
};
