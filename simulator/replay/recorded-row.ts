import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One recorded session as the file has it; instants are ms since the epoch. */
export type RecordedRow = {
  readonly id: string;
  readonly site: string;
  readonly stationId: string;
  readonly connectorId: number;
  readonly equipment: string;
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  readonly energyKwh: number | undefined;
};

const blankIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());
const instant = z.string().transform((text) => (Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text)));

const Row = z
  .object({
    session_id: z.string().min(1),
    site: z.string(),
    station_id: z.string().regex(/^[\w*+=|@.-]{1,48}$/, 'is no station id'),
    connector_id: z.coerce.number().int().min(1).max(100),
    equipment: z.string(),
    start_utc: blankIsAbsent(instant),
    end_utc: blankIsAbsent(instant),
    energy_kwh: blankIsAbsent(z.coerce.number()),
  })
  .transform(
    (row): RecordedRow => ({
      id: row.session_id,
      site: row.site,
      stationId: row.station_id,
      connectorId: row.connector_id,
      equipment: row.equipment,
      startAt: row.start_utc,
      endAt: row.end_utc,
      energyKwh: row.energy_kwh,
    }),
  );

/** Reads a file of recorded sessions (data/README.md names the columns). Throws with the line of the first row that is no row. */
export const recordedRows = (csv: string): RecordedRow[] => {
  const records: unknown[] = parse(csv, { columns: true, skip_empty_lines: true, bom: true, trim: true });
  return records.map((record, index) => {
    const parsed = Row.safeParse(record);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`Row ${index + 1}: column ${issue?.path.join('.')} ${issue?.message ?? 'cannot be read'}`);
  });
};
