import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type Tag, type TagList, tagStatuses } from '../../use-cases/ports/tag-list.ts';
import { documentClient } from './document-client.ts';

/** Tags are compared without regard to case (OCPP 1.6 CiString, 2.x identifierString): their key is in upper case. */
export const tagKey = (tag: string): string => tag.toUpperCase();

/** The tag list in DynamoDB. */
export const tagList = (table: string, client: DynamoDBDocumentClient = documentClient()): TagList => ({
  find: async (tag) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { tag: tagKey(tag) } }));
    return Item === undefined ? undefined : toTag(Item);
  },
  put: async (tag) => {
    await client.send(new PutCommand({ TableName: table, Item: { ...tag, tag: tagKey(tag.tag) } }));
  },
  list: async () => {
    const found: Tag[] = [];
    for await (const page of paginateScan({ client }, { TableName: table }))
      found.push(...(page.Items ?? []).map(toTag));
    return found.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  },
  remove: async (tag) => {
    const { Attributes } = await client.send(
      new DeleteCommand({ TableName: table, Key: { tag: tagKey(tag) }, ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  },
});

const toTag = ({ tag, status, expiresAt, parentTag, maxSessions }: Record<string, unknown>): Tag => {
  const known = tagStatuses.find((candidate) => candidate === status);
  if (typeof tag !== 'string' || known === undefined) throw new Error(`Not a tag: ${JSON.stringify({ tag, status })}`);
  return omitUndefined({
    tag,
    status: known,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
    parentTag: typeof parentTag === 'string' ? parentTag : undefined,
    maxSessions: typeof maxSessions === 'number' ? maxSessions : undefined,
  });
};
