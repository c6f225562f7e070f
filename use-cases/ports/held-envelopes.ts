import type { Envelope } from '../../ocpp/frames/envelope.ts';

/** Envelopes that the stream did not take, and that nobody will send again: each goes onto it when it takes records again. */
export type HeldEnvelopes = {
  /** Rejects when the envelope is not held. One that is held already is held once. */
  readonly hold: (envelope: Envelope) => Promise<void>;
};
