import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { dueAt } from '../../domain/commands/mailbox-state.ts';
import type { MailboxWrite } from '../../use-cases/ports/commands/mailbox-store.ts';
import { MAILBOX, REQUEST, type RequestItem } from './commands-item.ts';
import { dueKeys } from './overdue-mailboxes.ts';

const HISTORY_DAYS = 90;
/** A bus delivers for a day. */
const REQUEST_DAYS = 2;

/** A command may pass through several states in one step: its item says the last. */
const lastRecordsOf = ({ records }: MailboxWrite): readonly CommandRecord[] => [
  ...new Map(records.map((record) => [record.command.commandId, record])).values(),
];

/** What is written to table `commands`, each item under its own guard. */
export const mailboxPuts = (commands: string, system: Pick<System, 'clock'>) => {
  const mailboxPut = ({ stationId, readRev, state }: MailboxWrite) => ({
    TableName: commands,
    Item: { stationId, entry: MAILBOX, rev: state.rev, mailbox: state, ...dueKeys(stationId, dueAt(state)) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ...(readRev === 0
      ? { ConditionExpression: 'attribute_not_exists(stationId)' }
      : { ConditionExpression: 'rev = :read', ExpressionAttributeValues: { ':read': readRev } }),
  });

  const recordPut = (stationId: string, record: CommandRecord, isNew: boolean) => ({
    TableName: commands,
    Item: {
      stationId,
      entry: record.command.commandId,
      expiresAt: Math.floor(record.command.requestedAt / 1_000) + HISTORY_DAYS * 86_400,
      record,
    },
    ...(isNew && { ConditionExpression: 'attribute_not_exists(stationId)' }),
  });

  /** What a request of a name became; written once while that counts. DynamoDB removes an item days after it has expired. */
  const requestPut = (stationId: string, name: string, became: RequestItem) => {
    const nowSec = Math.floor(system.clock() / 1_000);
    return {
      TableName: commands,
      Item: { stationId, entry: `${REQUEST}${name}`, expiresAt: nowSec + REQUEST_DAYS * 86_400, ...became },
      ConditionExpression: 'attribute_not_exists(stationId) OR expiresAt <= :now',
      ExpressionAttributeValues: { ':now': nowSec },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  };

  /** The mailbox first, then the records it changes, then the request that made one. */
  const putsOf = (write: MailboxWrite): readonly [PutCommandInput, ...PutCommandInput[]] => {
    const { stationId, created, requestName } = write;
    const records = lastRecordsOf(write);
    return [
      mailboxPut(write),
      ...records.map((one) => recordPut(stationId, one, one.command.commandId === created)),
      ...(created === undefined || requestName === undefined
        ? []
        : [requestPut(stationId, requestName, { commandId: created })]),
    ];
  };

  return { putsOf, requestPut };
};
