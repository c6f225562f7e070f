import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../domain/alerts/alert.ts';
import { severities } from '../../domain/alerts/severity.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { AlertHistory, AlertSelection } from '../../use-cases/ports/alert-table.ts';
import { fromAlertItem } from './alert-item.ts';
import { documentClient } from './document-client.ts';
import { isKeyText, pageToken, tokenKey } from './page-token.ts';

/** The partitions of an index that hold a selection's alerts, in the order they are listed. */
const partitionsOf = (selection: AlertSelection): { index: string; key: string; values: readonly string[] } => {
  switch (selection.of) {
    case 'site':
      return { index: 'bySite', key: 'siteId', values: [selection.siteId] };
    case 'station':
      return { index: 'byStation', key: 'stationId', values: [selection.stationId] };
    case 'network': {
      const values = selection.severity === undefined ? severities.toReversed() : [selection.severity];
      return { index: 'byOpen', key: 'openSeverity', values };
    }
  }
};

/** What is not in the key: attribute paths, each with the value it must have. */
const filterOf = (selection: AlertSelection) => {
  const { severity, rule, model, firmware } = selection;
  const phase = selection.of === 'network' ? undefined : selection.status;
  const wanted = Object.entries(omitUndefined({ phase, severity, rule, model, firmware }));
  const path = (name: string): string => (name === 'model' || name === 'firmware' ? `#subject.#${name}` : `#${name}`);
  return {
    expression: wanted.map(([name]) => `${path(name)} = :${name}`).join(' AND '),
    names: {
      ...Object.fromEntries(wanted.map(([name]) => [`#${name}`, name])),
      ...((model ?? firmware) !== undefined && { '#subject': 'subject' }),
    },
    values: Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, value])),
  };
};

/** Reads of one page: with a filter that fits few, the caller goes on with the token. */
const MOST_READS = 20;

/** Where a page ended: in which partition, and behind which alert of it. */
type Position = { readonly partition: string; readonly after?: Readonly<Record<string, unknown>> };

/** Throws Rejected for a token that does not belong to these partitions. */
const positionOf = (
  token: string | undefined,
  partitions: readonly string[],
  { fromMs, toMs }: AlertSelection,
): Position | undefined => {
  if (token === undefined) return undefined;
  const { partition, condition, occasion, raisedAt } = tokenKey(token);
  const known = partitions.find((candidate) => candidate === partition);
  if (known === undefined) throw new Rejected('Invalid page token');
  if (condition === undefined) return { partition: known };
  if (!isKeyText(condition) || !isKeyText(occasion) || typeof raisedAt !== 'number')
    throw new Rejected('Invalid page token');
  if (raisedAt < fromMs || raisedAt > toMs) throw new Rejected('Invalid page token');
  return { partition: known, after: { condition, occasion, raisedAt } };
};

export const alertHistory = (
  tables: { readonly alerts: string; readonly stations: string },
  client: DynamoDBDocumentClient = documentClient(),
): AlertHistory => ({
  list: async (selection, { limit, nextToken }) => {
    const { index, key, values } = partitionsOf(selection);
    const filter = filterOf(selection);
    const position = positionOf(nextToken, values, selection);
    const found: Alert[] = [];
    let partition = position?.partition ?? values[0];
    let after = position?.after;
    for (let reads = 0; partition !== undefined && found.length < limit && reads < MOST_READS; reads += 1) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tables.alerts,
          IndexName: index,
          KeyConditionExpression: '#key = :key AND raisedAt BETWEEN :from AND :to',
          FilterExpression: filter.expression || undefined,
          ExpressionAttributeNames: { '#key': key, ...filter.names },
          ExpressionAttributeValues: {
            ':key': partition,
            ':from': selection.fromMs,
            ':to': selection.toMs,
            ...filter.values,
          },
          ScanIndexForward: false,
          // What is filtered out counts as read: a page never holds more than was asked for.
          Limit: limit - found.length,
          ExclusiveStartKey: after && { ...after, [key]: partition },
        }),
      );
      found.push(...Items.map(fromAlertItem));
      after = LastEvaluatedKey;
      if (after === undefined) partition = values[values.indexOf(partition) + 1];
    }
    const next = partition === undefined ? undefined : pageToken({ ...after, partition });
    return { items: found, ...omitUndefined({ nextToken: next }) };
  },
  ofSite: async (siteId, fromMs, toMs) => {
    const alerts: Alert[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.alerts,
        IndexName: 'bySite',
        // Not by the time of the raise: the alerts that took longest were raised before the period they ended in.
        KeyConditionExpression: 'siteId = :siteId',
        FilterExpression: 'since < :to AND (since >= :from OR cleared.#at >= :from)',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':siteId': siteId, ':from': fromMs, ':to': toMs },
      },
    );
    for await (const page of pages) alerts.push(...(page.Items ?? []).map(fromAlertItem));
    return alerts;
  },
  stationsOf: async (siteId) => {
    let stations = 0;
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.stations,
        IndexName: 'bySite',
        KeyConditionExpression: 'siteId = :siteId',
        ExpressionAttributeValues: { ':siteId': siteId },
        Select: 'COUNT',
      },
    );
    for await (const page of pages) stations += page.Count ?? 0;
    return stations;
  },
});
