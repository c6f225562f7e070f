import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Attributes by type, as DynamoDB keeps them. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One write of an item, as the change stream of its table tells it. */
export type Change = {
  readonly table: string;
  readonly keys: Attributes;
  readonly before: Attributes | undefined;
  readonly after: Attributes;
};

/** Partition and sort key of the tables that are read and written for a meter value. */
const keyNames: Readonly<Record<string, readonly [string, string?]>> = {
  stations: ['stationId'],
  connectors: ['stationId', 'connectorKey'],
  windows: ['series', 'startAt'],
};

/** What a request of a function says about items, of those that are used here. */
export type ItemRequest = {
  readonly TableName?: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly Attributes[] }>>;
};

/** What a request is answered with. */
export type ItemAnswer = {
  readonly Item?: Attributes;
  readonly Items?: readonly Attributes[];
  readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
};

/**
 * Items in memory, and what requests mean for them. Conditions are taken to hold, because there is one writer; other tables
 * than those of a meter value are empty and take everything.
 */
export const tableItems = () => {
  const items = new Map<string, Attributes>();
  let changes: Change[] = [];
  const keysOf = (table: string, item: Attributes): Attributes =>
    Object.fromEntries((keyNames[table] ?? []).flatMap((name) => (name && item[name] ? [[name, item[name]]] : [])));
  const nameOf = (table: string, keys: Attributes): string => `${table} ${JSON.stringify(keys)}`;

  const put = (table: string, item: Attributes): void => {
    if (keyNames[table] === undefined) return;
    const keys = keysOf(table, item);
    const name = nameOf(table, keys);
    changes.push({ table, keys, before: items.get(name), after: item });
    items.set(name, item);
  };

  /** `SET #a = :a, ...`, the only form that comes here. */
  const update = (
    table: string,
    { Key = {}, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: ItemRequest,
  ) => {
    const set = Object.entries(ExpressionAttributeNames).flatMap(([placeholder, attribute]) => {
      const value = ExpressionAttributeValues[placeholder.replace('#', ':')];
      return value === undefined ? [] : [[attribute, value] as const];
    });
    put(table, { ...(items.get(nameOf(table, Key)) ?? Key), ...Object.fromEntries(set) });
  };

  return {
    put,
    /** Answers a request of DynamoDB, by the name of its operation. */
    answer: (operation: string, request: ItemRequest): ItemAnswer => {
      const { TableName: table = '', Item, Key = {}, RequestItems = {} } = request;
      switch (operation) {
        case 'GetItem': {
          const found = items.get(nameOf(table, Key));
          return found === undefined ? {} : { Item: found };
        }
        case 'BatchGetItem': {
          const found = Object.entries(RequestItems).map(([name, { Keys = [] }]) => {
            const ofTable = Keys.map((keys) => items.get(nameOf(name, keys))).filter((item) => item !== undefined);
            return [name, ofTable] as const;
          });
          return { Responses: Object.fromEntries(found) };
        }
        case 'PutItem':
          put(table, Item ?? {});
          return {};
        case 'UpdateItem':
          update(table, request);
          return {};
        case 'Query':
        case 'Scan':
          return { Items: [] };
        default:
          return {};
      }
    },
    /** Every write since the last call. */
    takeChanges: (): readonly Change[] => {
      const taken = changes;
      changes = [];
      return taken;
    },
  };
};
export type TableItems = ReturnType<typeof tableItems>;
