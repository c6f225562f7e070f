import type { EvseRef, Fact, FactHeader } from '../domain/kernel/fact.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Payload } from './payload.ts';
import type { Warn } from './warning.ts';

export type TagVerdict = {
  readonly status: 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';
  readonly expiresAt?: number;
  readonly parentTag?: string;
  /** The list could not be asked: this is what the stage's policy for unknown tags says. */
  readonly unverified?: true;
};

/** A tag that a call presents: what the list of tags is asked before the call is answered. */
export type PresentedTag = {
  readonly tag: string;
  /** The charger's stamp; left out where the call is about now. */
  readonly stamp?: string;
  /** The charger had no connection when it happened (2.x). */
  readonly offline?: boolean;
  /** A transaction begins, on this EVSE (the connectorId of 1.6) as far as the charger says. */
  readonly starts?: { readonly evseId?: number };
};

/** What an answer depends on besides the frame. */
export type AnswerContext = {
  readonly ocpp: OcppVersion;
  readonly stationId: string;
  /** The gateway's clock, ms. */
  readonly now: number;
  readonly admission: 'accepted' | 'pending' | 'rejected';
  readonly heartbeatIntervalSec: number;
  readonly tag: (tag: string) => TagVerdict;
};

/** What an action has at hand to make facts. */
export type FactContext = {
  readonly stationId: string;
  readonly messageId: string;
  readonly receivedAt: number;
  /** The result the station was given; empty where there was none. */
  readonly answered: Payload;
  /** The verdict on the tag was the stage's policy: the list could not be asked. */
  readonly tagUnverified: boolean;
  readonly warn: Warn;
  /** The frame of a fact that carries the payload's stamp. */
  readonly stamped: (payload: Payload, path?: string) => FactHeader;
  /** The frame of a fact whose message has no stamp of its own. */
  readonly received: FactHeader;
};

/**
 * One charger-initiated action: one file, one line in its version's index.
 * `respond` and `facts` must take any object: transaction messages reach them even when they break the schema.
 */
export type Action = {
  readonly name: string;
  /** Answered with a result whatever it says: an error makes chargers repeat it for ever. */
  readonly neverRefused?: true;
  /** Its answer repeats what it says: a value or property outside the schema is refused, because the answer must be valid. */
  readonly repeated?: true;
  /** OCPP 2.1: travels as a SEND, which nobody answers. No other action may: a SEND asks for no verdict. */
  readonly isTold?: true;
  readonly presents?: (payload: Payload) => PresentedTag | undefined;
  readonly respond: (payload: Payload, context: AnswerContext, messageId: string) => Payload;
  readonly facts: (payload: Payload, context: FactContext) => readonly Fact[];
};

/** A fact for a message that matters only to the timeline. */
export const otherMessage = (header: FactHeader, action: string, summary: string, evse: EvseRef = {}): Fact => ({
  ...header,
  ...evse,
  type: 'OtherMessageReceived',
  action,
  summary,
});
