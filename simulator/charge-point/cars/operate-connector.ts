import type { SimulatedConnector } from '../simulated-connector.ts';
import type { StationContext } from '../station-context.ts';
import { arrivalRate } from './arrival-rate.ts';
import { chargingSession } from './charging-session.ts';
import { breakDown } from './faults.ts';

const second = 1000;
const minute = 60 * second;

/** Share of the connectors that get their first car within seconds: a network that starts is a network in use. */
const busyAtStart = 0.45;
/** Mean time between two cars at one connector, over the day, at rate 1. */
const meanGapMs = 45 * minute;

/** One connector for as long as the station runs: cars come and go by the time of day, and now and then it breaks. */
export const operateConnector = async (
  connector: SimulatedConnector,
  context: StationContext,
  timeZone: string,
): Promise<never> => {
  const { chance, rate } = context;
  const isBusy = chance.chance(busyAtStart);
  await context.pause(connector, isBusy ? chance.between(1, 20) * second : chance.wait(meanGapMs / rate));
  for (;;) {
    const isReserved = connector.reservedFor !== undefined && connector.reservedFor.until > context.now();
    if (connector.operative && !isReserved) {
      if (!connector.remoteStart && chance.chance(0.02)) await breakDown(connector, context);
      else await chargingSession(connector, context);
    }
    if (!connector.remoteStart)
      await context.pause(connector, chance.wait(meanGapMs / rate / arrivalRate(context.now(), timeZone)));
  }
};
