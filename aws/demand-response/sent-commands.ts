import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { commandAnswer } from '../../domain/demand-response/command-answer.ts';
import type { SentCommands } from '../../use-cases/ports/demand-response/sent-commands.ts';
import { commandsItem } from '../commands/mailbox-store.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { documentClient } from '../dynamodb/document-client.ts';

const ended = (record: CommandRecord) => {
  const answer = commandAnswer(record);
  return answer ? [[record.command.commandId, answer] as const] : [];
};

/** Records of commands, by their keys: 100 items a request. */
export const sentCommands = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): SentCommands => ({
  answersTo: async (commands) => {
    const keys = commands.map(({ stationId, commandId }) => ({ stationId, entry: commandId }));
    const items = await batchGet(client, system, table, keys);
    return new Map(items.map(commandsItem).flatMap((item) => (item.kind === 'record' ? ended(item.record) : [])));
  },
});
