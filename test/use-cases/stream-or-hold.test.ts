import { expect, it } from 'vitest';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import { streamOrHold } from '../../use-cases/answer-ocpp/stream-or-hold.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';

const envelope: Envelope = { kind: 'registered', stationId: 'CP01', receivedAt: 7 };

const setUp = (hold: () => Promise<void> = async () => {}) => {
  const stream = fakeOcppStream();
  const held: Envelope[] = [];
  const warnings: string[] = [];
  const kept = streamOrHold({
    stream,
    held: {
      hold: async (one) => {
        await hold();
        held.push(one);
      },
    },
    warn: (kind) => void warnings.push(kind),
  });
  return { kept, stream, held, warnings };
};

it('puts an envelope onto the stream, and holds nothing', async () => {
  const { kept, stream, held, warnings } = setUp();
  await kept.put(envelope);
  expect([stream.records, held, warnings]).toEqual([[envelope], [], []]);
});

it('holds an envelope that the stream does not take', async () => {
  const { kept, stream, held, warnings } = setUp();
  stream.refuse();
  await kept.put(envelope);
  expect([stream.records, held, warnings]).toEqual([[], [envelope], ['heldForStream']]);
});

it('rejects with both reasons when neither takes it', async () => {
  const { kept, stream, held, warnings } = setUp(() => Promise.reject(new Error('throttled')));
  stream.refuse();
  const reasons = 'Neither on the stream (Error: ProvisionedThroughputExceededException) nor held (Error: throttled)';
  await expect(kept.put(envelope)).rejects.toThrow(reasons);
  expect([held, warnings]).toEqual([[], []]);
});
