import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  type GlobalSecondaryIndexProps,
  ProjectionType,
  StreamViewType,
  Table,
  TableClass,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import { sumOf } from '../constructs/sum-of.ts';
import type { Deployment } from '../deployment.ts';

export type TableShape = {
  readonly key: Attribute;
  readonly sort?: Attribute;
  /** Index name to its key and sort attribute. */
  readonly indexes?: Readonly<Record<string, readonly [Attribute, Attribute]>>;
  /** Indexes carry keys only (default), or the whole item where items are written once and read as lists. */
  readonly projection?: ProjectionType;
  /** Old and new images for the consumers that derive everything else. */
  readonly changes?: boolean;
  /** Items remove themselves at this attribute. Never on a guarded item. */
  readonly expires?: string;
  /** Far more is kept than written: storage costs 0.4 of the usual, a request 1.25. */
  readonly infrequentlyUsed?: true;
  /** Why the table cannot be restored to a second: what that costs is not worth what would be lost. */
  readonly notRestorable?: string;
};

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

/**
 * The tables, one purpose each. Indexes on live items carry keys only and only attributes that do not change with every
 * meter sample: a write bills once more for each index projection it changes.
 */
export const tableShapes = {
  stations: {
    key: text('stationId'),
    indexes: {
      bySite: [text('siteId'), text('stationId')],
      byZone: [text('zoneId'), text('stationId')],
      // `modelPath` is firmware#stationId; both change with a boot at most.
      byModel: [text('model'), text('modelPath')],
    },
    changes: true,
  },
  connectors: {
    key: text('stationId'),
    sort: text('connectorKey'),
    indexes: {
      bySite: [text('siteId'), text('connectorPath')],
      byRegion: [text('region'), text('connectorPath')],
      // `statusShard` is a part of a status: all of a network may change to one status at once.
      byStatus: [text('statusShard'), text('connectorPath')],
      activeBySite: [text('activeSiteId'), text('connectorPath')],
      byActiveTag: [text('activeTag'), text('connectorPath')],
    },
    changes: true,
  },
  // Apart from the stations and without changes: no consumer, and nothing it parks, sees a credential.
  credentials: { key: text('stationId') },
  tags: { key: text('tag') },
  sessions: {
    key: text('sessionId'),
    indexes: {
      byStation: [text('stationId'), number('startedAt')],
      bySite: [text('siteId'), number('startedAt')],
      byTag: [text('tag'), number('startedAt')],
      // A day of the whole network: written once a session, some writes per second at most in a network of 100,000 connectors.
      byDay: [text('startedDay'), number('startedAt')],
    },
    projection: ProjectionType.ALL,
    // Kept for good, five copies of each.
    infrequentlyUsed: true,
  },
  timeline: { key: text('subject'), sort: text('entryKey'), expires: 'expiresAt' },
  windows: {
    key: text('series'),
    sort: number('startAt'),
    expires: 'expiresAt',
    notRestorable:
      'Derived: roll-ups are computed from minutes again, and energy, revenue and status are in sessions and timeline.',
  },
  // One item per alert. `openSeverity` is there while it is open, `watching` while time may still change it.
  alerts: {
    key: text('condition'),
    sort: text('occasion'),
    indexes: {
      bySite: [text('siteId'), number('raisedAt')],
      byStation: [text('stationId'), number('raisedAt')],
      byOpen: [text('openSeverity'), number('raisedAt')],
      watched: [text('watching'), text('condition')],
    },
    projection: ProjectionType.ALL,
    changes: true,
    expires: 'expiresAt',
  },
  // A station's mailbox (entry 'mailbox', guarded) and, beside it, one item that removes itself per command, and per envelope
  // that the stream did not take.
  // `dueShard` is there while time will change something in a mailbox.
  commands: {
    key: text('stationId'),
    sort: text('entry'),
    indexes: { byDue: [text('dueShard'), number('dueAt')] },
    changes: true,
    expires: 'expiresAt',
  },
  // Demand response: a signal with its checks, a zone's plan with the chunks of its stations. Records and heads are guarded.
  grid: {
    key: text('scope'),
    sort: text('entry'),
    indexes: { byOpen: [text('open'), number('startAt')], byStart: [text('listed'), number('startAt')] },
    projection: ProjectionType.ALL,
    changes: true,
    expires: 'expiresAt',
  },
  // Of a site: its configuration (byConfigured lists these and nothing else), its guarded state.
  sites: {
    key: text('siteId'),
    sort: text('entry'),
    indexes: { byConfigured: [text('configuredSiteId'), text('entry')] },
    projection: ProjectionType.ALL,
  },
  settings: { key: text('scope') },
  tariffs: { key: text('tariffId') },
} as const satisfies Record<string, TableShape>;

export type TableName = keyof typeof tableShapes;
export const tableNames = Object.keys(tableShapes).filter((name): name is TableName => name in tableShapes);

/**
 * All tables: on demand, encrypted, kept where the stage keeps data, and restorable to any second of the last 35 days but for
 * those that say why not. What protects them against deletion comes after the deployment (aws/deployment/protect-stack.ts).
 */
export class Tables extends Construct {
  readonly #tables: ReadonlyMap<TableName, Table>;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.#tables = new Map(tableNames.map((name) => [name, table(this, name, tableShapes[name], deployment)]));
  }

  of(name: TableName): Table {
    const found = this.#tables.get(name);
    if (found === undefined) throw new Error(`There is no table '${name}'`);
    return found;
  }

  /** The table's name as CloudFormation resolves it: for environment variables. */
  nameOf(name: TableName): string {
    return this.of(name).tableName;
  }

  /** ARN of the table. */
  arnOf(name: TableName): string {
    return this.of(name).tableArn;
  }

  /** ARN of one index; an index that does not exist is an error here and not a refusal at run time. */
  indexArnOf<Name extends TableName>(name: Name, index: IndexName<Name>): string {
    return `${this.arnOf(name)}/index/${index}`;
  }

  /** Lets a function take steps of mailboxes: read them with their stations, write them with the records of commands. */
  mailboxesSteppedBy(caller: BundledFunction<unknown>): void {
    caller
      .allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], this.arnOf('commands'))
      .allow(['dynamodb:BatchGetItem'], this.arnOf('stations'));
  }

  /** ARNs of all indexes of a table. */
  indexArnsOf(name: TableName): string[] {
    return indexNames(name).map((index) => `${this.arnOf(name)}/index/${index}`);
  }
}

export type IndexName<Name extends TableName> = (typeof tableShapes)[Name] extends { readonly indexes: infer Indexes }
  ? keyof Indexes & string
  : never;

const indexNames = (name: TableName): string[] => {
  const shape: TableShape = tableShapes[name];
  return Object.keys(shape.indexes ?? {});
};

const table = (scope: Construct, name: TableName, shape: TableShape, deployment: Deployment): Table => {
  const { stage } = deployment;
  const made = new Table(scope, name.charAt(0).toUpperCase() + name.slice(1), {
    partitionKey: shape.key,
    ...(shape.sort && { sortKey: shape.sort }),
    ...(shape.changes && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    ...(shape.expires && { timeToLiveAttribute: shape.expires }),
    ...(shape.infrequentlyUsed && { tableClass: TableClass.STANDARD_INFREQUENT_ACCESS }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: shape.notRestorable === undefined },
    removalPolicy: removalPolicy(stage),
  });
  if (shape.notRestorable !== undefined) acknowledge(made, 'DDB3', shape.notRestorable);
  for (const [indexName, [partitionKey, sortKey]] of Object.entries(shape.indexes ?? {})) {
    const index: GlobalSecondaryIndexProps = { indexName, partitionKey, sortKey };
    made.addGlobalSecondaryIndex({ ...index, projectionType: shape.projection ?? ProjectionType.KEYS_ONLY });
  }
  throttleAlarms(made, name, Object.keys(shape.indexes ?? {}), deployment);
  return made;
};

/** An index that refuses holds up the writes of its table, and counts under its own name only. */
const throttleAlarms = (made: Table, name: TableName, indexes: readonly string[], deployment: Deployment): void => {
  for (const [kind, metricName] of [
    ['Writes', 'WriteThrottleEvents'],
    ['Reads', 'ReadThrottleEvents'],
  ] as const) {
    const period = Duration.minutes(1);
    const counted = ['', ...indexes].map(
      (index) =>
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: made.tableName, ...(index !== '' && { GlobalSecondaryIndexName: index }) },
          statistic: 'Sum',
          period,
        }),
    );
    alarm(made, `${kind}Throttled`, deployment, {
      metric: sumOf(counted, period, `${kind} refused`),
      when: { above: 0 },
      periods: 3,
      among: 5,
      means: `${kind} of ${name} or one of its indexes are refused: a key takes more than a partition gives, or the account's limit is reached.`,
      runbook: 'a-table-refuses-requests',
    });
  }
};
