import type { EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, SessionUpdated, TagRefusal } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Transition } from '../kernel/transition.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import type { Connector, RefusedStart } from './connector.ts';
import { authorizationRefused, STANDBY_W, STANDBY_WH, startRefused, withRefusedStart } from './refused-start.ts';
import { type SessionSlot, withoutSession } from './session-slots.ts';

/**
 * OCPP 2.x opens a transaction when the cable is plugged in; the tag, and its refusal, may come with a later message. That
 * is a refused start all the same, unless the car charges already.
 */
type RefusedUpdate = SessionUpdated & { readonly tagVerdict: TagRefusal };

/** Whether a message tells that a tag was refused on a connector that does not charge. */
export const isRefusedUpdate = (fact: SessionUpdated): fact is RefusedUpdate =>
  fact.tagVerdict !== undefined && fact.chargingState !== 'charging';

/** Whether a session has had neither a tag nor, by all that is known, energy. */
export const isUnused = ({ tag, energyWh, powerW = 0 }: ActiveSession): boolean =>
  tag === undefined && energyWh < STANDBY_WH && powerW < STANDBY_W;

const startOf = (fact: RefusedUpdate, at: number, meterStartWh: number | undefined): RefusedStart => {
  const { chargingState: _, triggerReason: __, ...told } = fact;
  return { ...told, type: 'SessionStarted', at, ...omitUndefined({ meterStartWh }) };
};

/** The refusal is the first that is known of its transaction: its start may still come. */
export const updateRefused = (
  connector: Connector,
  fact: RefusedUpdate,
  context: EventContext,
): Transition<Connector> => startRefused(connector, startOf(fact, fact.at, undefined), context);

/** A session whose first tag is refused before it delivered anything was none: it becomes a refused start. */
export const sessionWithdrawn = (
  connector: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  fact: RefusedUpdate,
  context: EventContext,
): Transition<Connector> => {
  const { sessionId, startedAt, register, sampledAt = startedAt } = session;
  const meterStartWh = session.meterStartWh ?? (register?.factor === 1 ? register.zeroWh : undefined);
  return {
    next: withRefusedStart(withoutSession(connector, slot), startOf(fact, startedAt, meterStartWh)),
    changes: [
      // What little its meter showed is taken back from its minutes.
      ...(slot === 'session' ? minutesCorrected({ ...session, curve: [] }, startedAt, sampledAt, context) : []),
      authorizationRefused({ ...fact, withdrawnSessionId: sessionId }, fact.tagVerdict, context),
    ],
  };
};

/** The start of a transaction that was refused by a later message: it stays refused, from its start on. */
export const refusalBegunBefore = (
  connector: Connector,
  refused: RefusedStart,
  { at, receivedAt, meterStartWh = refused.meterStartWh }: SessionStarted,
): Connector => withRefusedStart(connector, { ...refused, at, receivedAt, ...omitUndefined({ meterStartWh }) });
