import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshalled, unmarshalled } from '../attributes/marshalled.ts';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { manyRequests, type OpenClient, openClient, withoutUnused } from '../open-client.ts';

/** A command of the library. What it sends in the end is the command of the client below, made of the same input. */
type DocumentCommand = {
  readonly input: Readonly<Record<string, unknown>>;
  readonly clientCommand: { input: object };
};

/** The `send` of a client that takes attribute values, for commands with plain items: it turns items into these, and back. */
export const sendDocuments =
  (send: (command: never) => Promise<object>) =>
  async ({ input, clientCommand }: DocumentCommand): Promise<object> => {
    clientCommand.input = marshalled(input);
    return unmarshalled({ ...(await send(clientCommand as never)) });
  };

/**
 * A DynamoDB client that speaks plain objects; absent properties are left out of the item. It turns items into attribute values
 * and back by itself and sends the commands of the client below: sent by the library, each command would have its chain of work
 * put together anew, and its items walked through twice.
 */
export class DocumentClient extends DynamoDBDocumentClient {
  constructor(configuration: DynamoDBClientConfig) {
    const client = withoutUnused(new DynamoDBClient(configuration));
    super(client);
    // Not before: it is refused for commands that the library sends, and none are sent so.
    Object.assign(client.config, manyRequests);
    this.send = sendDocuments((command) => client.send(command)) as never;
  }
}

export const documentClient = (
  policy: CallPolicy = callPolicies.operator,
  open: OpenClient = openClient,
): DynamoDBDocumentClient => open(DocumentClient, policy);
