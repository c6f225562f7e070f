import type { SimulatedConnector } from '../simulated-connector.ts';
import type { StationContext } from '../station-context.ts';
import { chargingSession } from './charging-session.ts';
import { breakDown } from './planned-faults.ts';

/** How often the driver who reserved a connector comes to it. */
const keptReservations = 0.7;

/** One connector for as long as the station runs: cars come and go, and now and then it breaks. */
export const operateConnector = async (connector: SimulatedConnector, context: StationContext): Promise<never> => {
  const { chance, drivers } = context;
  await context.pause(connector, drivers.gapMs(connector, context.now()));
  for (;;) {
    const { reservedFor } = connector;
    const isExpected =
      reservedFor === undefined || connector.remoteStart !== undefined || chance.chance(keptReservations);
    if (connector.operative && isExpected) {
      const visit = drivers.visit(connector, context.now());
      if (context.faults && !connector.remoteStart && !reservedFor && chance.chance(0.02))
        await breakDown(connector, context);
      else await chargingSession(connector, context, { ...visit, ...(reservedFor && { tag: reservedFor.tag }) });
    }
    if (!connector.remoteStart) await context.pause(connector, drivers.gapMs(connector, context.now()));
  }
};
