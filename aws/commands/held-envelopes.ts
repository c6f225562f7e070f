import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { HeldEnvelopes } from '../../use-cases/ports/held-envelopes.ts';
import { HELD } from './commands-item.ts';
import { requestDigest } from './request-digest.ts';

/** Its change stream keeps a write for a day; the item is for whoever looks into what happened. */
const HELD_MS = 7 * DAY_MS;

/** The item of an envelope: the same for the same one. */
const heldItem = (envelope: Envelope) => {
  const { stationId, receivedAt } = envelope;
  const text = JSON.stringify(envelope);
  return {
    stationId,
    entry: `${HELD}${receivedAt}-${requestDigest(text)}`,
    expiresAt: Math.floor((receivedAt + HELD_MS) / 1_000),
    envelope: text,
  };
};

/** Envelopes in table `commands`, whose change stream relay-commands reads: it puts them onto the stream. */
export const heldEnvelopes = (table: string, client: DynamoDBDocumentClient): HeldEnvelopes => ({
  hold: async (envelope) => {
    await client.send(new PutCommand({ TableName: table, Item: heldItem(envelope) }));
  },
});
