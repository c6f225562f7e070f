import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { HeldEnvelopes } from '../../use-cases/ports/held-envelopes.ts';
import { HELD } from './commands-item.ts';
import { requestDigest } from './request-digest.ts';

/** Its change stream keeps a write for a day; the item is for whoever looks into what happened. */
const HELD_DAYS = 7;
const DAY_S = 86_400;

/** The item of an envelope: the same for the same one. */
export const heldItem = (envelope: Envelope) => {
  const { stationId, receivedAt } = envelope;
  const text = JSON.stringify(envelope);
  return {
    stationId,
    entry: `${HELD}${receivedAt}-${requestDigest(text)}`,
    expiresAt: Math.floor(receivedAt / 1_000) + HELD_DAYS * DAY_S,
    envelope: text,
  };
};

/** Envelopes in table `commands`, whose change stream relay-commands reads: it puts them onto the stream. */
export const heldEnvelopes = (table: string, client: DynamoDBDocumentClient): HeldEnvelopes => ({
  hold: async (envelope) => {
    await client.send(new PutCommand({ TableName: table, Item: heldItem(envelope) }));
  },
});
