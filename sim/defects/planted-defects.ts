/** A mistake somebody might make: a text of one source file, and what is put in its place. */
export type PlantedDefect = {
  readonly name: string;
  /** What is wrong then. */
  readonly about: string;
  /** Below the project's folder. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
};

/** Guards of the product, each taken away: the simulation has to notice. */
export const plantedDefects: readonly PlantedDefect[] = [
  {
    name: 'connector-guard-dropped',
    about: 'A connector is written whatever guard it has by now.',
    file: 'aws/dynamodb/aggregate-store.ts',
    find: "ConditionExpression: 'guard = :read AND guard < :guard',",
    replace: "ConditionExpression: ':read = :read AND :guard = :guard',",
  },
  {
    name: 'repeat-not-seen',
    about: 'The fold takes a record that an item is past already for a new one.',
    file: 'domain/station/unit-of-work.ts',
    find: 'isPast: item.guard >= guard,',
    replace: 'isPast: false,',
  },
  {
    name: 'conflict-taken-for-commit',
    about: 'A write that another worker forestalled counts as done.',
    file: 'aws/dynamodb/aggregate-store.ts',
    find: "if (isConflict(error)) return 'conflict';",
    replace: "if (isConflict(error)) return 'committed';",
  },
  {
    name: 'failed-write-taken-for-commit',
    about: 'A write of an aggregate that failed counts as done.',
    file: 'use-cases/project-state/project-state.ts',
    find: 'await store.commit(writeBatch.writes(aggregate), writeBatch.isIndivisible);',
    replace:
      "await store.commit(writeBatch.writes(aggregate), writeBatch.isIndivisible).catch(() => 'committed' as const);",
  },
  {
    name: 'mailbox-guard-dropped',
    about: 'A mailbox is written whatever others have written since it was read.',
    file: 'aws/commands/mailbox-puts.ts',
    find: "{ ConditionExpression: 'rev = :read', ExpressionAttributeValues: { ':read': readRev } }),",
    replace: "{ ConditionExpression: ':read = :read', ExpressionAttributeValues: { ':read': readRev } }),",
  },
  {
    name: 'not-kept-answered-with-success',
    about: 'A message that could not be put on the stream is answered with success.',
    file: 'use-cases/answer-ocpp/answer-ocpp.ts',
    find: 'if (answers === undefined) return (isToldOnce ? orHeld : stream).put(record);',
    replace: 'if (answers === undefined) return (isToldOnce ? orHeld : stream).put(record).catch(() => undefined);',
  },
  {
    name: 'held-and-forgotten',
    about: 'A message that is held, because the stream did not take it, never comes onto the stream.',
    file: 'use-cases/relay-commands/relay-commands.ts',
    find: "if (change.kind === 'held') return [{ change, envelope: change.envelope }];",
    replace: "if (change.kind === 'held') return [];",
  },
  {
    name: 'outage-taken-for-poison',
    about: 'A service that is out is taken for a fault of the record, which is parked.',
    file: 'aws/is-transient.ts',
    find: "  if ('$fault' in error && error.$fault === 'server') return true;\n",
    replace: '',
  },
  {
    name: 'timeout-taken-for-poison',
    about: 'A service that does not answer in time is taken for a fault of the record, which is parked.',
    file: 'aws/is-transient.ts',
    find: "const TIMED_OUT = new Set(['TimeoutError', 'AbortError']);",
    replace: 'const TIMED_OUT = new Set<string>();',
  },
  {
    name: 'waiting-not-reported',
    about: 'Records that wait for a service are not given back to the event source.',
    file: 'runtime/deliver.ts',
    find: 'return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };',
    replace: 'return { batchItemFailures: itemIdentifier === undefined ? [] : [] };',
  },
  {
    name: 'waiting-remembered-as-done',
    about: 'Records that wait are remembered as done and skipped when they come again.',
    file: 'runtime/deliver.ts',
    find: 'for (const { id } of fresh) if (!stillToDo.has(id)) done.set(id, true);',
    replace: 'for (const { id } of fresh) if (stillToDo.size > 0) done.set(id, true);',
  },
  {
    name: 'reported-from-the-highest',
    about: 'Records are given back from the highest sequence number that failed on, not from the lowest.',
    file: 'runtime/deliver.ts',
    find: '(BigInt(a) < BigInt(b) ? -1 : 1)',
    replace: '(BigInt(a) > BigInt(b) ? -1 : 1)',
  },
  {
    name: 'per-key-stop-removed',
    about: 'After a record of a station that has to wait the next ones of it are handled all the same.',
    file: 'runtime/deliver.ts',
    find: '        if (first !== undefined)\n          return [',
    replace: '        if (first !== undefined && run === undefined)\n          return [',
  },
  {
    name: 'unprocessed-items-ignored',
    about: 'Items of a batch that DynamoDB hands back are not written again.',
    file: 'aws/dynamodb/batch-write.ts',
    find: 'pending = UnprocessedItems?.[table] ?? [];',
    replace: 'pending = UnprocessedItems === undefined ? [] : [];',
  },
  {
    name: 'unprocessed-keys-ignored',
    about: 'Keys of a batch that DynamoDB hands back are not read again.',
    file: 'aws/dynamodb/batch-get.ts',
    find: 'pending = UnprocessedKeys?.[table]?.Keys ?? [];',
    replace: 'pending = UnprocessedKeys === undefined ? [] : [];',
  },
  {
    name: 'window-revision-dropped',
    about: 'Rows of windows are written whatever others have written since they were read.',
    file: 'aws/windows/dynamodb-window-store.ts',
    find: "{ ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': rev } };",
    replace: "{ ConditionExpression: ':rev = :rev', ExpressionAttributeValues: { ':rev': rev } };",
  },
  {
    name: 'window-rows-of-others-lost',
    about: 'Rows that stand in an item of windows are not kept by a worker that has not written them itself.',
    file: 'aws/windows/dynamodb-window-store.ts',
    find: 'merged(stored.rows, share.rows)',
    replace: 'merged(known.has(name) ? stored.rows : [], share.rows)',
  },
  {
    name: 'window-remembered-before-stored',
    about: 'An item of windows counts as stored although its write failed.',
    file: 'aws/windows/dynamodb-window-store.ts',
    find: '    known.delete(name);\n',
    replace: '    known.set(name, { rev: stored.rev, rows });\n',
  },
  {
    name: 'marks-cleared-early',
    about: 'A mark is cleared before what it asked to be computed again is stored.',
    file: 'use-cases/roll-up-windows/conclude-windows.ts',
    find: `          await concludeAgain(some.flatMap(({ index }) => shares.get(index) ?? []).flatMap((each) => each.shares));
          await dirty.clear(some.map(({ mark }) => mark));`,
    replace: `          await dirty.clear(some.map(({ mark }) => mark));
          await concludeAgain(some.flatMap(({ index }) => shares.get(index) ?? []).flatMap((each) => each.shares));`,
  },
  {
    name: 'farewell-of-an-old-socket',
    about: 'The end of a socket that was replaced makes its station look disconnected.',
    file: 'aws/dynamodb/station-connectivity.ts',
    find: "ConditionExpression: 'connectivity.connectionId = :connectionId',",
    replace: "ConditionExpression: ':connectionId = :connectionId',",
  },
  {
    name: 'refused-events-dropped',
    about: 'Events that the bus did not take count as told.',
    file: 'use-cases/publish-changes/publish-changes.ts',
    find: 'for (const event of events) if (!errors.has(event)) told.set(event.detail.id, true);\n    for (const [event, error] of errors) {',
    replace:
      'for (const event of events) told.set(event.detail.id, true);\n    for (const [event, error] of [...errors].slice(errors.size)) {',
  },
  {
    name: 'sessions-not-marked',
    about: 'The hours of a session that ended are not marked to be computed again.',
    file: 'use-cases/record-history/record-history.ts',
    find: '...[...ended, ...timesBefore, ...withdrawn].flatMap((session) =>',
    replace: '...([] as typeof ended[number][]).flatMap((session) =>',
  },
  {
    name: 'history-error-swallowed',
    about: 'A session that could not be kept is forgotten.',
    file: 'use-cases/record-history/record-history.ts',
    find: '        throw error;\n      }\n    }\n  };',
    replace: '      }\n    }\n  };',
  },
  {
    name: 'parked-taken-for-charging',
    about: 'The time in which a car stands without drawing anything is priced as time of charging.',
    file: 'domain/tariff/priced-pieces.ts',
    find: "situation.powerW < IDLE_BELOW_W ? 'parking' : 'time'",
    replace: "situation.powerW < 0 ? 'parking' : 'time'",
  },
  {
    name: 'revenue-in-the-last-hour',
    about: 'What a session costs counts whole in the hour in which it ended.',
    file: 'domain/windows/series/station-revenue-1h.ts',
    find: 'revenueMinor: sum(priced.map(({ minor }) => minor)),',
    replace: 'revenueMinor: completed ? (session.cost?.totalMinor ?? 0) : 0,',
  },
  {
    name: 'status-where-it-began',
    about: 'A status counts in the window in which it began, and not in those in which it lasts.',
    file: 'domain/windows/series/network-availability-5m.ts',
    find: 'interval.fromAt < toAt && interval.toAt > fromAt',
    replace: 'interval.fromAt < toAt && interval.fromAt >= fromAt',
  },
  {
    name: 'uptime-from-midnight',
    about: 'The first day of uptime counts from midnight, and not from when a station went into service.',
    file: 'domain/windows/series/uptime-1d.ts',
    find: 'const startAt = Math.max(day.startAt, fromAt);',
    replace: 'const startAt = Math.min(day.startAt, fromAt);',
  },
];
