import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Random } from '../../simulator/random.ts';
import { MINUTE, midnight } from './injections.ts';
import type { Writer } from './writer.ts';

/** How a session goes: power by minute, whether the car pauses, whether its state of charge is told. */
export type Course = {
  readonly powerAt: (minute: number, minutes: number) => number;
  readonly pauses: boolean;
  readonly soc: boolean;
};

/** A full car on alternating current: within minutes down to what keeps its battery balanced, and a while at that. */
const TRICKLE_MINUTES = 25;
const TRICKLE_W = 350;
const trickling =
  (fullW: number): Course['powerAt'] =>
  (minute, minutes) =>
    Math.max(TRICKLE_W, fullW * Math.min(1, Math.exp((minutes - TRICKLE_MINUTES - minute) / 3)));

/** The last third tapers: with direct current, whose stations tell the state of charge, below a kilowatt at times. */
const tapering =
  (fullW: number, leastW: number): Course['powerAt'] =>
  (minute, minutes) =>
    minute < (minutes * 2) / 3 ? fullW : Math.max(leastW, fullW * (1 - (minute - (minutes * 2) / 3) / (minutes / 2.9)));

export const ordinary = (random: Random, ratedW: number): Course => {
  const fullW = ratedW * (0.5 + random.integer(0, 49) / 100);
  const soc = ratedW > 22_000;
  const powerAt = !soc && random.integer(0, 2) === 0 ? trickling(fullW) : tapering(fullW, soc ? 300 : 200);
  return { powerAt, pauses: random.integer(0, 3) === 0, soc };
};

export const session = (
  writer: Writer,
  random: Random,
  connector: number,
  [from, to]: readonly [number, number],
  course: Course,
): void => {
  const where = { evseId: connector, connectorId: connector };
  const transactionId = String(Math.round((from - midnight) / 1000) * 10 + connector);
  const minutes = Math.round((to - from) / MINUTE);
  const meterStartWh = 100_000 + random.integer(0, 899_999);
  const pauseFrom = course.pauses ? Math.round(minutes / 2) : -1;
  const pauseTo = pauseFrom + 14;
  let energyWh = 0;
  writer.status(from - 40_000, connector, 'preparing');
  writer.say(from, (said) => ({ ...said, ...where, type: 'SessionStarted', transactionId, tag: 'TAG', meterStartWh }));
  writer.status(from + 2_000, connector, 'charging');
  for (let minute = 1; minute < minutes; minute += 1) {
    const paused = minute > pauseFrom && minute <= pauseTo && pauseFrom > 0;
    if (minute === pauseFrom) writer.status(from + minute * MINUTE + 5_000, connector, 'suspendedEV');
    if (minute === pauseTo) writer.status(from + minute * MINUTE + 5_000, connector, 'charging');
    const powerW = paused ? 0 : course.powerAt(minute, minutes);
    energyWh += powerW / 60;
    const socPercent = course.soc ? Math.min(99, 30 + Math.round((60 * minute) / ((minutes * 2) / 3))) : undefined;
    const reading = { context: 'periodic', energyWh: meterStartWh + energyWh, powerW } as const;
    writer.say(from + minute * MINUTE, (said) => ({
      ...said,
      ...where,
      type: 'MeterSampled',
      transactionId,
      reading: { ...reading, ...omitUndefined({ socPercent }) },
    }));
  }
  const meterStopWh = meterStartWh + energyWh;
  writer.say(to, (said) => ({
    ...said,
    ...where,
    type: 'SessionStopped',
    transactionId,
    meterStopWh,
    reason: 'local',
    tag: 'TAG',
  }));
  writer.status(to + 1_000, connector, 'finishing');
  writer.status(to + (2 + random.integer(0, 11)) * MINUTE, connector, 'available');
};
