import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

export type Equipment = { readonly connectorType: string; readonly ratedW: number };

const table = new URL('../../data/evse-models.csv', import.meta.url);
const Models = z.array(z.object({ model: z.string(), rated_kw: z.coerce.number().positive() }));

/** Rated power of the published models, W. */
const published = (): Map<string, number> => {
  const rows = Models.parse(parse(readFileSync(table, 'utf8'), { columns: true }));
  return new Map(rows.map(({ model, rated_kw }) => [model, rated_kw * 1000]));
};

/** The plugs of a triple rapid charger, by connector number. */
const triple: Readonly<Record<number, string>> = { 1: 'CHAdeMO', 2: 'Type2', 3: 'CCS' };

const unlisted = (model: string): number => {
  const named = /(\d+(?:\.\d+)?) ?kW/i.exec(model)?.[1];
  if (named !== undefined) return Number(named) * 1000;
  return /rapid/i.test(model) && !/semi/i.test(model) ? 50_000 : 22_000;
};

/**
 * What a connector of this model is. A model that is not in the published table is rated by the power in its name,
 * otherwise by its class: 50 kW for rapid chargers, 22 kW for all others.
 */
export const equipment = (): ((model: string, connectorId: number) => Equipment) => {
  const rated = published();
  return (model, connectorId) => {
    const ratedW = rated.get(model) ?? unlisted(model);
    return { ratedW, connectorType: ratedW >= 43_000 ? (triple[connectorId] ?? 'CCS') : 'Type2' };
  };
};
