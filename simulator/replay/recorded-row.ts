import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Problem } from '../../cli/command-line/problem.ts';

/** One recorded session as the file has it; instants are ms since the epoch. */
export type RecordedRow = {
  readonly id: string;
  readonly site: string;
  /** As the file names it; OCPP may carry it under another id. */
  readonly stationId: string;
  /** As the file names it; empty where it names none. */
  readonly connector: string;
  readonly equipment: string;
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  readonly energyKwh: number | undefined;
};

const blankIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());
const instant = z.string().transform((text) => (Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text)));
const quantity = z.string().transform((text) => (Number.isFinite(Number(text)) ? Number(text) : undefined));

/** Columns a file must have; site, connector_id and equipment may be missing. */
const columns = 'session_id station_id start_utc end_utc energy_kwh'.split(' ');

const Row = z
  .object({
    session_id: z.string().min(1),
    site: z.string().default(''),
    station_id: z.string().min(1).max(200),
    connector_id: z.string().max(100).default(''),
    equipment: z.string().default(''),
    start_utc: blankIsAbsent(instant),
    end_utc: blankIsAbsent(instant),
    energy_kwh: blankIsAbsent(quantity),
  })
  .transform(
    (row): RecordedRow => ({
      id: row.session_id,
      site: row.site,
      stationId: row.station_id,
      connector: row.connector_id,
      equipment: row.equipment,
      startAt: row.start_utc,
      endAt: row.end_utc,
      energyKwh: row.energy_kwh,
    }),
  );

const missingFrom = (header: readonly string[]): readonly string[] => columns.filter((name) => !header.includes(name));

const recordsIn = (csv: string): readonly unknown[] => {
  try {
    return parse(csv, {
      columns: (header: string[]) => {
        const missing = missingFrom(header);
        if (missing.length > 0) throw new Problem(`The file has no column ${missing.join(', ')}: see data/README.md`);
        return header;
      },
      skip_empty_lines: true,
      bom: true,
      trim: true,
    });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(`The file is no CSV: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
};

/**
 * Reads a file of recorded sessions (data/README.md names the columns). Instants and energies that cannot be read are
 * absent. Throws a Problem for a file without those columns, and for the first row without a usable session, station or connector.
 */
export const recordedRows = (csv: string): RecordedRow[] => {
  const records = recordsIn(csv);
  return records.map((record, index) => {
    const parsed = Row.safeParse(record);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Problem(`Row ${index + 1}: column ${issue?.path.join('.')} ${issue?.message ?? 'cannot be read'}`);
  });
};
