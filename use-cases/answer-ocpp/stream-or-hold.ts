import type { HeldEnvelopes } from '../ports/held-envelopes.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';

export type HoldPorts = {
  readonly stream: OcppStream;
  readonly held: HeldEnvelopes;
  readonly warn: SampledWarning;
};

/**
 * The stream for what a charger tells once: an envelope that the stream does not take is held beside it, and comes late
 * instead of never. `put` rejects when neither takes it.
 */
export const streamOrHold = ({ stream, held, warn }: HoldPorts): OcppStream => ({
  put: async (envelope) => {
    try {
      await stream.put(envelope);
    } catch (refusal) {
      const { stationId } = envelope;
      await held.hold(envelope).catch((error: unknown) => {
        throw new AggregateError([refusal, error], `Neither on the stream (${refusal}) nor held (${error})`);
      });
      warn('heldForStream', { stationId, error: String(refusal) });
    }
  },
});
