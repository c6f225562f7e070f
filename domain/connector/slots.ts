import type { MeteredSession } from '../session/metering.ts';
import type { RecentSession } from '../session/session.ts';
import type { Connector } from './connector.ts';

/** A connector has room for the live session and for one of the past, which an offline queue tells of. */
export type SessionSlot = 'session' | 'past';

/** Which of the connector's two slots holds a transaction, if any. */
export const slotOf = (connector: Connector, transactionId: string): SessionSlot | undefined => {
  if (connector.session?.transactionId === transactionId) return 'session';
  return connector.past?.transactionId === transactionId ? 'past' : undefined;
};

/** What the connector remembers of a transaction that ended. */
export const recentOf = (connector: Connector, transactionId: string): RecentSession | undefined =>
  connector.recent.find((recent) => recent.transactionId === transactionId);

/** The session in a slot with its minute; only the live one has a minute. */
export const meteredSessionIn = (connector: Connector, slot: SessionSlot): MeteredSession | undefined => {
  const session = connector[slot];
  return session && { session, ...(slot === 'session' && connector.minute ? { minute: connector.minute } : {}) };
};

/** The connector with a bay put back into its slot. */
export const withMeteredSession = (connector: Connector, slot: SessionSlot, bay: MeteredSession): Connector =>
  slot === 'past'
    ? { ...connector, past: bay.session }
    : { ...connector, session: bay.session, ...(bay.minute ? { minute: bay.minute } : {}) };

/** The connector without what a slot held. */
export const emptied = (connector: Connector, slot: SessionSlot): Connector => {
  if (slot === 'past') {
    const { past: _, ...rest } = connector;
    return rest;
  }
  const { session: _, minute: __, ...rest } = connector;
  return rest;
};
