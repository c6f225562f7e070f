/** The operations of DynamoDB that the stack uses. */
export type OperationName =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'TransactWriteItems'
  | 'UpdateItem';

/** Random numbers from a seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

type Value = Record<string, unknown>;
export type RandomOperation = { readonly name: OperationName; readonly input: object };

/**
 * Operations of the kinds the adapters send, and near misses of them, on two tables: keys pk (text) and sk (text in the first
 * table, a number in the second), index keys g, n and h.
 */
export function* randomOperations({
  seed,
  count,
  tables,
}: {
  readonly seed: number;
  readonly count: number;
  readonly tables: readonly string[];
}): Iterable<RandomOperation> {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <Entry>(entries: readonly Entry[]): Entry => entries[below(entries.length)] as Entry;
  const chance = (share: number): boolean => random() < share;

  const texts = ['', 'a', 'ab', 'b', 'ba', 'é', '\u{1f600}', '\uffee', 'a#1', '2026-07-01T00:00:00.000Z'];
  const numbers = [
    '0',
    '1',
    '-1',
    '2',
    '10',
    '1.5',
    '-0.25',
    '1000',
    '12345678901234567890.12345678901234567',
    '0.0000000001',
  ];
  const bytes = () => Uint8Array.from({ length: below(4) }, () => below(256));
  const scalar = (): Value =>
    oneOf([
      () => ({ S: oneOf(texts) }),
      () => ({ N: oneOf(numbers) }),
      () => ({ BOOL: chance(0.5) }),
      () => ({ NULL: true }),
      () => ({ B: bytes() }),
    ])();
  const value = (depth = 0): Value =>
    depth < 2 && chance(0.35)
      ? oneOf([
          () => ({ L: Array.from({ length: below(4) }, () => value(depth + 1)) }),
          () => ({ M: Object.fromEntries(['x', 'y', 'z'].slice(below(4)).map((name) => [name, value(depth + 1)])) }),
          () => ({ SS: [...new Set([oneOf(texts.slice(1)), oneOf(texts.slice(1))])] }),
          () => ({ NS: oneOf([['1'], ['1', '2'], ['2', '3', '4']]) }),
        ])()
      : scalar();

  const key = (table: number): Record<string, Value> => ({
    pk: { S: oneOf(['p1', 'p2', 'p3']) },
    sk: table === 0 ? { S: oneOf(['a', 'ab', 'b', 'c#1', 'c#2', 'é']) } : { N: oneOf(['1', '2', '10', '-3', '1.5']) },
  });
  const oddKey = (table: number): Record<string, Value> =>
    oneOf([
      () => ({ pk: { S: 'p1' } }),
      () => ({ ...key(table), extra: { S: 'x' } }),
      () => ({ ...key(table), sk: { BOOL: true } }),
      () => ({ ...key(table), pk: { S: '' } }),
      () => ({ ...key(table), pk: { N: '1' } }),
      () => ({ ...key(table), pk: { S: 'x'.repeat(2_049) } }),
    ])();
  const anyKey = (table: number) => (chance(0.03) ? oddKey(table) : key(table));

  const item = (table: number): Record<string, Value> => ({
    ...anyKey(table),
    ...(chance(0.6) && { g: { S: oneOf(['g1', 'g2']) } }),
    ...(chance(0.7) && { n: { N: oneOf(['1', '2', '3', '10']) } }),
    ...(chance(0.5) && { h: { S: oneOf(['h1', 'h2']) } }),
    ...(chance(0.02) && { g: value() }),
    ...(chance(0.5) && { rev: { N: oneOf(['0', '1', '2']) } }),
    ...(chance(0.5) && { a: value() }),
    ...(chance(0.5) && { m: { M: { x: value(1), y: { N: oneOf(numbers) } } } }),
    ...(chance(0.4) && { l: { L: Array.from({ length: below(5) }, () => value(1)) } }),
    ...(chance(0.3) && { tags: { SS: ['a', 'b', 'c'].slice(below(3)) } }),
    ...(chance(0.005) && { big: { S: 'x'.repeat(oneOf([300_000, 409_000, 410_000])) } }),
    ...(chance(0.01) && {
      odd: oneOf<Value>([
        { SS: [] },
        { N: 'x' },
        { N: '1e200' },
        { N: '1.50' },
        { N: '007' },
        { N: '1e3' },
        { N: '-2.5E-7' },
        { NS: ['1', '1.0'] },
        { NULL: false },
        {},
      ]),
    }),
  });

  /** Collects the placeholders of one request. */
  const expressions = () => {
    const names: Record<string, string> = {};
    const values: Record<string, Value> = {};
    const given = (one: Value): string => {
      const name = `:v${Object.keys(values).length}`;
      values[name] = one;
      return name;
    };
    const attribute = (name: string): string => {
      if (!chance(0.4)) return name;
      names[`#${name}`] = name;
      return `#${name}`;
    };
    const path = (): string =>
      oneOf([
        () => attribute(oneOf(['a', 'rev', 'm', 'l', 'tags', 'n', 'g', 'nowhere'])),
        () => `${attribute('m')}.${attribute(oneOf(['x', 'y', 'z']))}`,
        () => `${attribute('m')}.x.${attribute('x')}`,
        () => `${attribute('l')}[${below(4)}]`,
        () => `${attribute('l')}[${below(3)}].x`,
      ])();
    const operand = (): string => (chance(0.75) ? given(value()) : path());
    const simple = (): string =>
      oneOf([
        () => `attribute_exists(${path()})`,
        () => `attribute_not_exists(${path()})`,
        () => `attribute_type(${path()}, ${given({ S: oneOf(['S', 'N', 'M', 'L', 'SS', 'X']) })})`,
        () => `begins_with(${path()}, ${chance(0.9) ? given({ S: 'a' }) : operand()})`,
        () => `contains(${path()}, ${given(scalar())})`,
        () => `${path()} ${oneOf(['=', '<>', '<', '<=', '>', '>='])} ${operand()}`,
        () => `rev ${oneOf(['=', '<', '>='])} ${given({ N: oneOf(['0', '1', '2']) })}`,
        () => `${path()} BETWEEN ${given(scalar())} AND ${given(scalar())}`,
        () => `${path()} IN (${operand()}, ${given(scalar())})`,
        () => `size(${path()}) ${oneOf(['=', '>', '<'])} ${given({ N: String(below(4)) })}`,
      ])();
    const condition = (depth = 0): string =>
      depth < 2 && chance(0.4)
        ? oneOf([
            () => `${condition(depth + 1)} AND ${condition(depth + 1)}`,
            () => `${condition(depth + 1)} OR ${condition(depth + 1)}`,
            () => `NOT ${condition(depth + 1)}`,
            () => `(${condition(depth + 1)}) AND ${simple()}`,
          ])()
        : simple();
    const setting = (): string =>
      oneOf([
        () => given(value()),
        () => given(value()),
        () => path(),
        () => `if_not_exists(${path()}, ${given(value())})`,
        () => `${path()} ${oneOf(['+', '-'])} ${given({ N: '1.25' })}`,
        () => `if_not_exists(rev, ${given({ N: '0' })}) + ${given({ N: '1' })}`,
        () => `list_append(${path()}, ${given({ L: [{ N: '1' }] })})`,
        () => `list_append(if_not_exists(l, ${given({ L: [] })}), ${given({ L: [{ S: 'a' }] })})`,
      ])();
    const update = (): string =>
      [
        chance(0.8) && `SET ${Array.from({ length: 1 + below(2) }, () => `${path()} = ${setting()}`).join(', ')}`,
        chance(0.25) && `REMOVE ${Array.from({ length: 1 + below(2) }, path).join(', ')}`,
        chance(0.15) &&
          `ADD ${chance(0.5) ? `rev ${given({ N: '1' })}` : `tags ${given({ SS: [oneOf(['a', 'd'])] })}`}`,
        chance(0.1) && `DELETE tags ${given({ SS: ['a', 'b'] })}`,
      ]
        .filter((part) => part !== false)
        .join(' ');
    const broken = (text: string): string =>
      chance(0.02)
        ? oneOf([`${text} AND`, `(${text}`, `((${text}))`, text.replace('a', 'status'), '', `${text} ?`])
        : text;
    const bound = () => {
      if (chance(0.01)) values[':unused'] = { N: '1' };
      if (chance(0.01)) names['#unused'] = 'x';
      if (chance(0.01)) delete values[':v0'];
      return {
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      };
    };
    return { path, given, attribute, condition: () => broken(condition()), update: () => broken(update()), bound };
  };

  const conditional = (share: number): object => {
    if (!chance(share)) return {};
    const { condition, bound } = expressions();
    return {
      ConditionExpression: condition(),
      ...bound(),
      ...(chance(0.3) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    };
  };

  const put = (table: number) => ({ TableName: tables[table], Item: item(table), ...conditional(0.5) });
  const remove = (table: number) => ({ TableName: tables[table], Key: anyKey(table), ...conditional(0.4) });
  const update = (table: number) => {
    const { condition, update: text, bound } = expressions();
    const UpdateExpression = text();
    const ConditionExpression = chance(0.4) ? condition() : undefined;
    return {
      TableName: tables[table],
      Key: anyKey(table),
      ...(UpdateExpression !== '' && { UpdateExpression }),
      ...(ConditionExpression !== undefined && { ConditionExpression }),
      ...bound(),
      ...(chance(0.2) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    };
  };
  const shown = (
    { path, bound, given, attribute }: ReturnType<typeof expressions>,
    withFilter: boolean,
    condition: () => string,
  ) => {
    void [given, attribute];
    const ProjectionExpression = chance(0.3)
      ? [...new Set(Array.from({ length: 1 + below(3) }, path))].join(', ')
      : undefined;
    const FilterExpression = withFilter && chance(0.3) ? condition() : undefined;
    return {
      ...(ProjectionExpression !== undefined && { ProjectionExpression }),
      ...(FilterExpression !== undefined && { FilterExpression }),
      ...bound(),
    };
  };
  const query = (table: number) => {
    const parts = expressions();
    const { given, attribute } = parts;
    const text = table === 0;
    const sorts = (name: string, sort: () => Value) =>
      oneOf([
        () => '',
        () => ` AND ${attribute(name)} ${oneOf(['=', '<', '<=', '>', '>='])} ${given(sort())}`,
        () => ` AND ${name} BETWEEN ${given(sort())} AND ${given(sort())}`,
        () => (text ? ` AND begins_with(${name}, ${given(sort())})` : ''),
        () => (chance(0.1) ? ` AND ${name} <> ${given(sort())}` : ''),
      ])();
    const index = text
      ? oneOf([undefined, undefined, 'keysOnly', 'whole', chance(0.05) ? 'none' : 'whole'])
      : undefined;
    const sort = () => (text ? { S: oneOf(['a', 'ab', 'b', 'c', 'é']) } : { N: oneOf(['1', '2', '10']) });
    const on =
      index === 'keysOnly'
        ? `g = ${given({ S: oneOf(['g1', 'g2']) })}${sorts('n', () => ({ N: oneOf(['1', '2', '3']) })).replace(/ AND begins_with.*/, '')}`
        : index === 'whole'
          ? `h = ${given({ S: oneOf(['h1', 'h2']) })}${sorts('sk', sort)}`
          : `${attribute('pk')} = ${given({ S: oneOf(['p1', 'p2', 'p4']) })}${sorts('sk', sort)}`;
    return {
      TableName: tables[table],
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: on,
      ...(chance(0.5) && { ScanIndexForward: chance(0.5) }),
      ...(chance(0.5) && { Limit: below(4) + (chance(0.05) ? 0 : 1) }),
      ...(chance(0.2) && {
        Select: oneOf(['COUNT', 'ALL_PROJECTED_ATTRIBUTES', 'ALL_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES']),
      }),
      ...(chance(0.3) && { ConsistentRead: true }),
      ...(chance(0.05) && { ExclusiveStartKey: anyKey(table) }),
      ...shown(parts, true, parts.condition),
    };
  };
  const scan = (table: number) => {
    const parts = expressions();
    const index = table === 0 && chance(0.3) ? oneOf(['keysOnly', 'whole']) : undefined;
    return {
      TableName: tables[table],
      ...(index !== undefined && { IndexName: index }),
      ...(chance(0.2) && { Select: 'COUNT' }),
      // DynamoDB Local lets a scan filter by what the index does not hold.
      ...shown(parts, index !== 'keysOnly', parts.condition),
    };
  };
  const get = (table: number) => {
    const parts = expressions();
    return {
      TableName: tables[table],
      Key: anyKey(table),
      ConsistentRead: chance(0.5),
      ...shown(parts, false, parts.condition),
    };
  };
  const batchWrite = () => ({
    RequestItems: Object.fromEntries(
      tables.slice(below(2)).map((name) => [
        name,
        Array.from({ length: 1 + below(5) }, () => {
          const table = tables.indexOf(name);
          return chance(0.7) ? { PutRequest: { Item: item(table) } } : { DeleteRequest: { Key: anyKey(table) } };
        }),
      ]),
    ),
  });
  const batchGet = () => ({
    RequestItems: Object.fromEntries(
      tables.slice(below(2)).map((name) => {
        const parts = expressions();
        const Keys = Array.from({ length: 1 + below(4) }, () => anyKey(tables.indexOf(name)));
        return [name, { Keys, ConsistentRead: chance(0.5), ...shown(parts, false, parts.condition) }];
      }),
    ),
  });
  // DynamoDB Local lets a transaction check an item it also writes, which the service does not.
  const withoutChecksOfWritten = (actions: readonly Record<string, { Key?: object; Item?: Value }>[]) => {
    const keysOf = (kind: (name: string) => boolean) =>
      actions.flatMap((action) =>
        Object.entries(action).flatMap(([name, { Key, Item }]) =>
          kind(name) ? [JSON.stringify(Key ?? { pk: Item?.pk, sk: Item?.sk })] : [],
        ),
      );
    const written = keysOf((name) => name !== 'ConditionCheck');
    const checked = new Set<string>();
    return actions.filter(({ ConditionCheck }) => {
      const key = JSON.stringify(ConditionCheck?.Key);
      if (ConditionCheck === undefined) return true;
      if (written.includes(key) || checked.has(key)) return false;
      checked.add(key);
      return true;
    });
  };
  const transaction = () => ({
    TransactItems: withoutChecksOfWritten(
      Array.from({ length: 1 + below(4) }, () => {
        const table = below(2);
        return oneOf<() => Record<string, { Key?: object; Item?: Value }>>([
          () => ({ Put: put(table) }),
          () => ({ Put: put(table) }),
          () => ({ Update: { ...update(table) } }),
          () => ({ Delete: remove(table) }),
          () => ({
            ConditionCheck: { ConditionExpression: 'attribute_exists(pk)', TableName: tables[table], Key: key(table) },
          }),
        ])();
      }),
    ),
  });

  /** Of an update inside an attribute DynamoDB Local returns now the inner part, now the whole attribute. */
  const returning = (input: ReturnType<typeof update>) => {
    const wanted = oneOf(['ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);
    const ofMember = wanted.startsWith('UPDATED') && /\[|\w\.\w|\w\.#/.test(input.UpdateExpression ?? '');
    return { ...input, ...(!ofMember && chance(0.6) && { ReturnValues: wanted }) };
  };

  for (let index = 0; index < count; index += 1) {
    const table = chance(0.75) ? 0 : 1;
    yield oneOf<() => RandomOperation>([
      () => ({
        name: 'PutItem',
        input: { ...put(table), ...(chance(0.3) && { ReturnValues: oneOf(['ALL_OLD', 'NONE', 'ALL_NEW']) }) },
      }),
      () => ({ name: 'PutItem', input: put(table) }),
      () => ({
        name: 'UpdateItem',
        input: returning(update(table)),
      }),
      () => ({ name: 'UpdateItem', input: update(table) }),
      () => ({ name: 'DeleteItem', input: { ...remove(table), ...(chance(0.5) && { ReturnValues: 'ALL_OLD' }) } }),
      () => ({ name: 'GetItem', input: get(table) }),
      () => ({ name: 'Query', input: query(table) }),
      () => ({ name: 'Query', input: query(table) }),
      () => ({ name: 'Scan', input: scan(table) }),
      () => ({ name: 'BatchWriteItem', input: batchWrite() }),
      () => ({ name: 'BatchGetItem', input: batchGet() }),
      () => ({ name: 'TransactWriteItems', input: transaction() }),
    ])();
  }
}
