import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertHistory } from '../../use-cases/ports/alert-history.ts';
import { fromAlertItem } from './alert-item.ts';
import { documentClient } from './document-client.ts';

export const alertHistory = (
  tables: { readonly alerts: string; readonly stations: string },
  client: DynamoDBDocumentClient = documentClient(),
): AlertHistory => ({
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
