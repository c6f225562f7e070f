import { defined } from '../defined.ts';
import type { MeterSampled } from '../fact.ts';
import type { Moment } from '../session/moment.ts';
import { sampled } from '../session/sample.ts';
import { bayOf, recentOf, reopened, slotOf, withBay } from '../session/transactions.ts';
import { type Decided, inTurn, type Step, unchanged } from '../station/step.ts';
import type { Connector } from './connector.ts';
import { restated } from './status.ts';

type Slot = 'session' | 'past';

/** The session a reading belongs to: the one it names, else the open one if the time fits and it is a session sample. */
const ownerOf = (connector: Connector, { transactionId, reading }: MeterSampled, at: number): Slot | undefined => {
  if (transactionId !== undefined) return slotOf(connector, transactionId);
  const { session } = connector;
  return session && reading.context !== 'clock' && at >= session.startedAt ? 'session' : undefined;
};

const ofSession = (connector: Connector, slot: Slot, fact: MeterSampled, moment: Moment): Step<Connector> => {
  const bay = bayOf(connector, slot);
  if (bay === undefined) return unchanged(connector);
  const { place, idle, limitW } = connector;
  const surroundings = { ratedW: place.ratedW, ...defined({ idleWh: idle?.energyWh, limitW }) };
  const step = sampled(bay, moment, fact.reading, surroundings);
  return step.next === bay
    ? { next: connector, changes: step.changes }
    : { next: withBay(connector, slot, step.next), changes: step.changes };
};

/** A reading outside any session: the register the next session starts from. */
const ofConnector = (connector: Connector, { reading }: MeterSampled, { at }: Moment): Step<Connector> => {
  const { energyWh, temperatureC } = reading;
  const isNewer = connector.idle === undefined || at > connector.idle.at;
  const isWarmer = temperatureC !== undefined && temperatureC !== connector.temperatureC;
  if (!isNewer || (energyWh === undefined && !isWarmer)) return unchanged(connector);
  return {
    next: {
      ...connector,
      ...(energyWh === undefined ? {} : { idle: { at, energyWh } }),
      ...defined({ temperatureC }),
    },
    changes: [],
  };
};

/** A reading of a session that ended for good: it cannot be taken back into its curve, but it is not lost. */
const late = (connector: Connector, fact: MeterSampled, moment: Moment): Step<Connector> => {
  const { stationId, evseId, connectorId, at, receivedAt } = moment;
  const note: Decided = {
    id: `${stationId}.${evseId}.${connectorId}.late.${at.toString(36)}.${fact.reading.energyWh ?? ''}`,
    type: 'StationNoted',
    at,
    receivedAt,
    evseId,
    connectorId,
    topic: 'LateMeterValues',
    detail: defined({ transactionId: fact.transactionId, reading: fact.reading }),
  };
  return { next: connector, changes: [note] };
};

/** The meter was read. Without a transaction the reading belongs to the open session if it fits, else to the connector. */
export const meterSampled = (connector: Connector, fact: MeterSampled, moment: Moment): Step<Connector> => {
  const { transactionId } = fact;
  return inTurn(
    connector,
    (before) => (transactionId === undefined ? unchanged(before) : reopened(before, transactionId, moment)),
    (before) => {
      const slot = ownerOf(before, fact, moment.at);
      if (slot) return ofSession(before, slot, fact, moment);
      const isEnded = transactionId !== undefined && recentOf(before, transactionId) !== undefined;
      return isEnded ? late(before, fact, moment) : ofConnector(before, fact, moment);
    },
    (after) => restated(after, moment),
  );
};
