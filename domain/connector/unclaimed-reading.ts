import type { EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Connector, UnclaimedReading } from './connector.ts';
import { refusedStartOf, STANDBY_W, STANDBY_WH } from './refused-start.ts';
import { recentOf, slotOf } from './session-slots.ts';

/** With more than this many, every second one is let go. */
const MOST = 100;

const isNamedBy = (connector: Connector, transactionId: string): boolean =>
  (slotOf(connector, transactionId) ??
    recentOf(connector, transactionId) ??
    refusedStartOf(connector, transactionId)) !== undefined;

/** Whether a reading outside every known session belongs to one: it names a transaction, or energy flows. */
export const isUnclaimed = (connector: Connector, fact: MeterSampled): boolean => {
  const { transactionId, seqNo, clock, reading } = fact;
  const { context, energyWh, powerW = 0 } = reading;
  if (seqNo !== undefined || clock !== 'charger' || context === 'clock') return false;
  if (transactionId !== undefined) return energyWh !== undefined && !isNamedBy(connector, transactionId);
  const { idle } = connector;
  const hasRisen = energyWh !== undefined && idle !== undefined && energyWh - idle.energyWh >= STANDBY_WH;
  return hasRisen || powerW >= STANDBY_W;
};

/** The connector keeping a reading until its session is told of; a repeat is kept once. */
export const withUnclaimed = (connector: Connector, fact: MeterSampled): Connector => {
  const { at, receivedAt, transactionId } = fact;
  const { context, energyWh, powerW, socPercent } = fact.reading;
  const reading = { context, ...omitUndefined({ energyWh, powerW, socPercent }) };
  const others = (connector.unclaimed ?? []).filter(
    (other) => other.at !== at || other.transactionId !== transactionId || other.reading.context !== context,
  );
  const all = [...others, { at, receivedAt, reading, ...omitUndefined({ transactionId }) }].sort((a, b) => a.at - b.at);
  return { ...connector, unclaimed: all.length > MOST ? all.filter((_, index) => index % 2 === 0) : all };
};

/** The transaction a kept reading turned out to be of: the one it names, or else the one its time falls into. */
const claimantOf = (connector: Connector, { at, transactionId }: UnclaimedReading): string | undefined => {
  if (transactionId !== undefined && isNamedBy(connector, transactionId)) return transactionId;
  const { session, recent } = connector;
  if (session && at >= session.startedAt) return session.transactionId;
  const ended = recent.find(({ startedAt, endedAt }) => at >= startedAt && at < endedAt);
  return ended?.transactionId;
};

export type Claimed = { readonly connector: Connector; readonly facts: readonly MeterSampled[] };

/** The readings whose session is known by now, in order of their time, and the connector without them. */
export const readingsClaimed = (connector: Connector, { evseId, connectorId }: EventContext): Claimed => {
  const { unclaimed = [], ...rest } = connector;
  const claims = unclaimed.map((kept) => ({ kept, transactionId: claimantOf(connector, kept) }));
  const left = claims.filter(({ transactionId }) => transactionId === undefined).map(({ kept }) => kept);
  return {
    connector: left.length === 0 ? rest : { ...rest, unclaimed: left },
    facts: claims.flatMap(({ kept, transactionId }): MeterSampled[] =>
      transactionId === undefined
        ? []
        : [{ ...kept, type: 'MeterSampled', transactionId, evseId, connectorId, clock: 'charger', messageId: '' }],
    ),
  };
};
