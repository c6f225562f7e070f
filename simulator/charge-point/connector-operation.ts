import { bustle } from './arrival-rate.ts';
import { visit } from './charging-session.ts';
import { breakDown } from './faults.ts';
import type { Plug } from './simulated-connector.ts';
import type { Scene } from './station-context.ts';

const second = 1000;
const minute = 60 * second;

/** Share of the plugs that get their first car within seconds: a network that starts is a network in use. */
const busyAtStart = 0.45;
/** Mean time between two cars at one plug, over the day, at rate 1. */
const meanGapMs = 45 * minute;

/** One plug for as long as the station runs: cars come and go by the time of day, and now and then it breaks. */
export const live = async (plug: Plug, scene: Scene, timeZone: string): Promise<never> => {
  const { chance, rate } = scene;
  const isBusy = chance.chance(busyAtStart);
  await scene.pause(plug, isBusy ? chance.between(1, 20) * second : chance.wait(meanGapMs / rate));
  for (;;) {
    const isReserved = plug.reservedFor !== undefined && plug.reservedFor.until > scene.now();
    if (plug.operative && !isReserved) {
      if (!plug.remoteStart && chance.chance(0.02)) await breakDown(plug, scene);
      else await visit(plug, scene);
    }
    if (!plug.remoteStart) await scene.pause(plug, chance.wait(meanGapMs / rate / bustle(scene.now(), timeZone)));
  }
};
