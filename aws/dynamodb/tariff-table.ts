import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { TariffBook } from '../../domain/tariff/assigned-tariff.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import type { TariffTable } from '../../use-cases/ports/tariff-table.ts';
import { documentClient } from './document-client.ts';

const FRESH_MS = 60_000;

const assignmentKey = ({ siteId, stationId, connectorType, validFrom }: TariffAssignment): string =>
  `assignment|${JSON.stringify([siteId, stationId, connectorType, validFrom].map((part) => part ?? null))}`;

export const tariffTable = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): TariffTable => {
  let known: { readonly book: TariffBook; readonly readAt: number } | undefined;

  const read = async (): Promise<TariffBook> => {
    const tariffs: Tariff[] = [];
    const assignments: TariffAssignment[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
      for (const { tariff, assignment } of Items) {
        if (tariff !== undefined) tariffs.push(tariff);
        if (assignment !== undefined) assignments.push(assignment);
      }
    return { tariffs, assignments };
  };

  return {
    book: async () => {
      const now = system.clock();
      if (known === undefined || now - known.readAt > FRESH_MS) known = { book: await read(), readAt: now };
      return known.book;
    },
    putTariff: async (tariff) => {
      await client.send(new PutCommand({ TableName: table, Item: { tariffId: tariff.tariffId, tariff } }));
      known = undefined;
    },
    assign: async (assignment) => {
      await client.send(
        new PutCommand({ TableName: table, Item: { tariffId: assignmentKey(assignment), assignment } }),
      );
      known = undefined;
    },
    unassign: async (assignment) => {
      await client.send(new DeleteCommand({ TableName: table, Key: { tariffId: assignmentKey(assignment) } }));
      known = undefined;
    },
  };
};
