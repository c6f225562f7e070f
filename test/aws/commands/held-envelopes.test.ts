import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { commandsChange } from '../../../aws/commands/commands-change.ts';
import { heldEnvelopes } from '../../../aws/commands/held-envelopes.ts';
import { mailboxStore } from '../../../aws/commands/mailbox-store.ts';
import type { FrameEnvelope } from '../../../ocpp/frames/envelope.ts';
import { system } from '../../../runtime/system.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const envelope: FrameEnvelope = {
  kind: 'frame',
  stationId: 'CP01',
  ocpp: '1.6',
  transport: 'websocket',
  connectionId: 'a',
  receivedAt: Date.parse('2026-11-20T10:00:00Z'),
  frame: '[2,"m1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","info":"ü\\u0000"}]',
  answer: '[3,"m1",{}]',
};

describe('an envelope that is held', () => {
  const documents = localDocuments(inject('dynamodbEndpoint'));
  let table: string;
  const items = async () => (await documents.send(new ScanCommand({ TableName: table }))).Items ?? [];

  beforeAll(async () => {
    table = await createTable(localClient(inject('dynamodbEndpoint')), 'commands');
    const { hold } = heldEnvelopes(table, documents);
    await hold(envelope);
    await hold(envelope);
    await hold({ ...envelope, frame: envelope.frame.replace('m1', 'm2') });
  });

  it('is one item of its own, however often it is held, for a week', async () => {
    const found = await items();
    const endS = Date.parse('2026-11-27T10:00:00Z') / 1_000;
    expect(found.map(({ expiresAt }) => expiresAt)).toEqual([endS, endS]);
  });

  it('is read back as it was, byte for byte', async () => {
    const read = (await items()).map((item) => commandsChange({ table, key: 'CP01', item, sequenceNumber: '1' }));
    expect(read).toContainEqual({ kind: 'held', stationId: 'CP01', envelope });
  });

  it('is not among the commands of its station', async () => {
    const mailboxes = mailboxStore({ commands: table, stations: table }, system, documents);
    expect(await mailboxes.list('CP01', { limit: 10 })).toEqual({ items: [] });
  });
});
