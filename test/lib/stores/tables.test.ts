import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { synthesized } from '../synthesized.ts';
import { propertiesOf } from '../template-text.ts';

const Keys = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Table = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N']) })),
  KeySchema: Keys,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: Keys,
        Projection: z.object({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
      }),
    )
    .default([]),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
});

/** A table as short text: keys with their types, indexes, and what else makes it what it is. */
const shape = (properties: unknown) => {
  const table = Table.parse(properties);
  const types = new Map(table.AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType]));
  const keys = (schema: z.infer<typeof Keys>): string =>
    schema.map(({ AttributeName }) => `${AttributeName} ${types.get(AttributeName)}`).join(', ');
  return {
    keys: keys(table.KeySchema),
    indexes: table.GlobalSecondaryIndexes.map(
      (index) => `${index.IndexName}: ${keys(index.KeySchema)}, ${index.Projection.ProjectionType}`,
    ),
    changes: table.StreamSpecification?.StreamViewType,
    expires: table.TimeToLiveSpecification?.AttributeName,
  };
};

let dev: Template;
let prod: Template;
beforeAll(() => {
  dev = synthesized({ stage: 'dev' }).template;
  prod = synthesized({ stage: 'prod' }).template;
});

describe('the tables', () => {
  it('have the keys and indexes that readers and writers rely on', () => {
    const shapes = Object.fromEntries(
      Object.entries(propertiesOf(dev, 'AWS::DynamoDB::Table')).map(([id, table]) => [id, shape(table)]),
    );
    expect(shapes).toEqual({
      TablesStations: {
        keys: 'stationId S',
        indexes: [
          'bySite: siteId S, stationId S, KEYS_ONLY',
          'byZone: zoneId S, stationId S, KEYS_ONLY',
          'byModel: model S, modelPath S, KEYS_ONLY',
        ],
        changes: 'NEW_AND_OLD_IMAGES',
      },
      TablesConnectors: {
        keys: 'stationId S, connectorKey S',
        indexes: [
          'bySite: siteId S, connectorPath S, KEYS_ONLY',
          'byRegion: region S, connectorPath S, KEYS_ONLY',
          'byStatus: statusShard S, connectorPath S, KEYS_ONLY',
          'activeBySite: activeSiteId S, connectorPath S, KEYS_ONLY',
          'byActiveTag: activeTag S, connectorPath S, KEYS_ONLY',
        ],
        changes: 'NEW_AND_OLD_IMAGES',
      },
      TablesCredentials: { keys: 'stationId S', indexes: [] },
      TablesTags: { keys: 'tag S', indexes: [] },
      TablesSessions: {
        keys: 'sessionId S',
        indexes: [
          'byStation: stationId S, startedAt N, ALL',
          'bySite: siteId S, startedAt N, ALL',
          'byTag: tag S, startedAt N, ALL',
          'byDay: startedDay S, startedAt N, ALL',
        ],
      },
      TablesTimeline: { keys: 'subject S, entryKey S', indexes: [], expires: 'expiresAt' },
      TablesWindows: { keys: 'series S, startAt N', indexes: [], expires: 'expiresAt' },
      TablesAlerts: {
        keys: 'condition S, occasion S',
        indexes: [
          'bySite: siteId S, raisedAt N, ALL',
          'byStation: stationId S, raisedAt N, ALL',
          'byOpen: openSeverity S, raisedAt N, ALL',
          'watched: watching S, condition S, ALL',
        ],
        changes: 'NEW_AND_OLD_IMAGES',
        expires: 'expiresAt',
      },
      TablesCommands: {
        keys: 'stationId S, entry S',
        indexes: ['byDue: dueShard S, dueAt N, KEYS_ONLY'],
        changes: 'NEW_AND_OLD_IMAGES',
        expires: 'expiresAt',
      },
      TablesGrid: {
        keys: 'scope S, entry S',
        indexes: ['byOpen: open S, startAt N, ALL', 'byStart: listed S, startAt N, ALL'],
        changes: 'NEW_AND_OLD_IMAGES',
        expires: 'expiresAt',
      },
      TablesSites: {
        keys: 'siteId S, entry S',
        indexes: ['byConfigured: configuredSiteId S, entry S, ALL'],
      },
      TablesSettings: { keys: 'scope S', indexes: [] },
      TablesTariffs: { keys: 'tariffId S', indexes: [] },
    });
  });

  it.each(['stations', 'connectors'])('never let a guarded item of %s expire', (name) => {
    const tables = propertiesOf(prod, 'AWS::DynamoDB::Table');
    const table = tables[`Tables${name.charAt(0).toUpperCase()}${name.slice(1)}`];
    expect(table).toBeDefined();
    expect(table).not.toHaveProperty('TimeToLiveSpecification');
  });

  it.each(['dev', 'prod'])('are on demand, encrypted, and restorable but for what is derived, on %s', (stage) => {
    const tables = Object.entries(propertiesOf(stage === 'dev' ? dev : prod, 'AWS::DynamoDB::Table'));
    expect(tables.length).toBeGreaterThan(0);
    for (const [id, table] of tables)
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: id !== 'TablesWindows' },
      });
  });

  it('are of the class for infrequent access where far more is kept than written: sessions, and nothing else', () => {
    const tables = Object.entries(propertiesOf(prod, 'AWS::DynamoDB::Table'));
    const rare = tables.filter(([, { TableClass }]) => TableClass === 'STANDARD_INFREQUENT_ACCESS');
    expect(rare.map(([id]) => id)).toEqual(['TablesSessions']);
  });
});
