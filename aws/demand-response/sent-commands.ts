import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { System } from '../../async/system.ts';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { commandAnswer } from '../../domain/demand-response/command-answer.ts';
import type { SentCommands } from '../../use-cases/ports/demand-response/sent-commands.ts';
import { commandsItem } from '../commands/commands-item.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { documentClient } from '../dynamodb/document-client.ts';

/** Sorts after the ids of all commands, which begin with a digit, and before what else is kept of a station. */
const LAST_COMMAND = ':';
/** Newer commands of a station that are looked through for the one that took the place of another. */
const LOOKED_THROUGH = 50;
const QUERIES_AT_ONCE = 5;

const recordOf = (item: Readonly<Record<string, unknown>>): readonly CommandRecord[] => {
  const read = commandsItem(item);
  return read.kind === 'record' ? [read.record] : [];
};

/** Records of commands, by their keys: 100 items a request; and those that took the place of one. */
export const sentCommands = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): SentCommands => {
  const laterThan = async (stationId: string, { command }: CommandRecord): Promise<readonly CommandRecord[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'stationId = :stationId AND entry BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':stationId': stationId, ':first': command.commandId, ':last': LAST_COMMAND },
        ScanIndexForward: false,
        Limit: LOOKED_THROUGH,
        ConsistentRead: true,
      }),
    );
    return Items.toReversed().flatMap(recordOf);
  };

  return {
    answersTo: async (commands) => {
      const stationOf = new Map(commands.map(({ stationId, commandId }) => [commandId, stationId]));
      const keys = commands.map(({ stationId, commandId }) => ({ stationId, entry: commandId }));
      const records = (await batchGet(client, system, table, keys)).flatMap(recordOf);
      const answers = await pMap(
        records,
        async (record) => {
          const { commandId } = record.command;
          const stationId = stationOf.get(commandId) ?? '';
          const later = record.state === 'Superseded' ? await laterThan(stationId, record) : [];
          const answer = commandAnswer(record, later);
          return answer ? [[commandId, answer] as const] : [];
        },
        { concurrency: QUERIES_AT_ONCE },
      );
      return new Map(answers.flat());
    },
  };
};
