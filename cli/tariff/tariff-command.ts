import { isDeepStrictEqual, parseArgs } from 'node:util';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { checkTariff } from '../../domain/tariff/check-tariff.ts';
import { importOcpi } from '../../domain/tariff/import-ocpi.ts';
import { type ImportedTariff, importTimeOfUse } from '../../domain/tariff/import-time-of-use.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import type { TariffTable } from '../../use-cases/ports/tariff-table.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { instantOfText } from '../command-line/instant-flag.ts';
import { jsonFile } from '../command-line/json-file.ts';
import { nameFlag } from '../command-line/name-flag.ts';
import { Problem } from '../command-line/problem.ts';

export const tariffUsage = `Usage: npm run tariff -- COMMAND [--stage dev|prod]
  add FILE.json [--replace]                     a tariff: tariffId, currency, elements
  import FILE.json [--replace] [--without-reservations]
                                                OCPI tariffs of 2.2.1 or 2.3.0: one, a list, or the answer of an endpoint
  import FILE.json --id ID --currency USD       a published time-of-use schedule, as in data/prices
  assign TARIFF [--station S | --site S] [--type CCS] [--from INSTANT] [--until INSTANT]
  unassign TARIFF [--station S | --site S] [--type CCS] [--from INSTANT] [--until INSTANT]
                                                takes back what was assigned with these flags
  list [--json]
Without --stage the stack that runs on this machine is meant. A session is priced by the tariff that held when it started.
Whatever a tariff says is applied or refused by name. Reservations are not priced: --without-reservations leaves them out.`;

/** Reads the flags of the tariff command. Throws node's own error for one it does not know. */
export const tariffFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      id: { type: 'string' },
      currency: { type: 'string' },
      station: { type: 'string' },
      site: { type: 'string' },
      type: { type: 'string' },
      from: { type: 'string' },
      until: { type: 'string' },
      replace: { type: 'boolean' },
      'without-reservations': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
type Flags = ReturnType<typeof tariffFlags>['values'];
type Print = (line: string) => void;

const elementsOf = ({ elements }: Tariff): string =>
  `${elements.length} ${elements.length === 1 ? 'element' : 'elements'}`;

/** What the domain says of a tariff it does not take, as a problem of the file. */
const explained = <Result>(file: string, read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem(`${file}: ${error.message}`, { cause: error });
  }
};

const instantOf = (flag: string, text: string): number => {
  const at = instantOfText(text);
  if (Number.isNaN(at)) throw new Problem(`--${flag}: an instant, such as 2027-01-01T00:00:00Z`);
  return at;
};

/** Ids that OCPI writes in upper or lower case are the same. */
const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const assignmentOf = (tariff: Tariff, { station, site, type, from, until }: Flags): TariffAssignment => ({
  tariffId: tariff.tariffId,
  ...omitUndefined({
    stationId: station,
    siteId: site,
    connectorType: type,
    // Of an old and a new tariff of one place each is assigned from its own time on. It ends by itself: its end may be put off.
    validFrom: from === undefined ? tariff.validFrom : instantOf('from', from),
    validUntil: until === undefined ? undefined : instantOf('until', until),
  }),
});

/** Refuses a place where nothing is: a misspelt one would leave its sessions without a price. */
const checkPlace = async ({ station, site, type }: Flags, registry: Registry): Promise<void> => {
  if (station !== undefined && site !== undefined)
    throw new Problem('--station or --site: a tariff is assigned to one of them');
  const found = station === undefined ? await registry.list(site) : [await registry.find(station)];
  const stations = found.filter((registration) => registration !== undefined);
  if (station !== undefined && stations.length === 0) throw new Problem(`${station} is not registered.`);
  if (site !== undefined && stations.length === 0) throw new Problem(`No station is registered at site ${site}.`);
  const types = new Set(stations.flatMap(({ connectors }) => connectors.map(({ connectorType }) => connectorType)));
  if (type !== undefined && !types.has(type))
    throw new Problem(`No connector there is of type ${type}; there are ${[...types].join(', ') || 'none'}`);
};

const placeText = ({ stationId, siteId, connectorType }: TariffAssignment): string =>
  `${stationId ?? siteId ?? 'the network'}${connectorType === undefined ? '' : ` for ${connectorType}`}`;

const timeText = ({ validFrom, validUntil }: TariffAssignment): string =>
  (validFrom === undefined ? '' : ` from ${iso(validFrom)}`) +
  (validUntil === undefined ? '' : ` until ${iso(validUntil)}`);

const isSamePlace = (one: TariffAssignment, other: TariffAssignment): boolean =>
  one.stationId === other.stationId && one.siteId === other.siteId && one.connectorType === other.connectorType;

/** Refuses a time in which it would never hold: its sessions would be priced otherwise, or not at all. */
const checkTime = (tariff: Tariff, assignment: TariffAssignment): void => {
  const beginsAt = Math.max(...[tariff, assignment].map(({ validFrom = Number.NEGATIVE_INFINITY }) => validFrom));
  const endsAt = Math.min(...[tariff, assignment].map(({ validUntil = Number.POSITIVE_INFINITY }) => validUntil));
  if (beginsAt < endsAt) return;
  const own = timeText(tariff);
  throw new Problem(
    `${tariff.tariffId} would never hold${timeText(assignment)}${own === '' ? '' : `: its own time is${own}`}`,
  );
};

const assign = async (
  tariffId: string,
  flags: Flags,
  { table, registry }: TariffPorts,
  print: Print,
): Promise<void> => {
  const { tariffs, assignments } = await table.book();
  const tariff = tariffs.find((known) => sameId(known.tariffId, tariffId));
  if (tariff === undefined) throw new Problem(`There is no tariff ${tariffId}.`);
  await checkPlace(flags, registry);
  const assignment = assignmentOf(tariff, flags);
  checkTime(tariff, assignment);
  const replaced = assignments.find(
    (known) => isSamePlace(known, assignment) && known.validFrom === assignment.validFrom,
  );
  await table.assign(assignment);
  print(`${tariff.tariffId}: assigned.`);
  if (replaced !== undefined && replaced.tariffId !== tariff.tariffId)
    print(`${replaced.tariffId}: holds no more at ${placeText(replaced)}${timeText(replaced)}.`);
};

const unassign = async (tariffId: string, flags: Flags, table: TariffTable, print: Print): Promise<void> => {
  const { station, site, type } = flags;
  const validFrom = flags.from === undefined ? undefined : instantOf('from', flags.from);
  const validUntil = flags.until === undefined ? undefined : instantOf('until', flags.until);
  const { tariffs, assignments } = await table.book();
  const there = assignments.filter(
    (known) =>
      sameId(known.tariffId, tariffId) &&
      known.stationId === station &&
      known.siteId === site &&
      known.connectorType === type &&
      // Where no time is given, any will do: assigning takes the tariff's own.
      known.validFrom === (validFrom ?? known.validFrom) &&
      known.validUntil === (validUntil ?? known.validUntil),
  );
  if (there.length === 0) throw new Problem(`${tariffId} is not assigned so: see tariff list`);
  const begunWith = (at: number | undefined) => there.find((known) => known.validFrom === at);
  // Of several, no --from can name the one that was assigned without.
  const own = tariffs.find((known) => sameId(known.tariffId, tariffId))?.validFrom;
  const found = there.length === 1 ? there[0] : (begunWith(own) ?? begunWith(undefined));
  if (found === undefined)
    throw new Problem(`Which one? Give --from: ${there.map((one) => `holds${timeText(one) || ' always'}`).join(', ')}`);
  await table.unassign(found);
  print(`${found.tariffId}: holds no more at ${placeText(found)}${timeText(found)}.`);
};

const list = async (table: TariffTable, flags: Flags, print: Print): Promise<void> => {
  const { tariffs, assignments } = await table.book();
  if (flags.json === true) return print(JSON.stringify({ tariffs, assignments }, null, 2));
  if (tariffs.length === 0) return print('There are no tariffs: sessions are not priced.');
  for (const tariff of tariffs.toSorted((a, b) => (a.tariffId < b.tariffId ? -1 : 1)))
    print(`${tariff.tariffId}\t${tariff.currency}\t${elementsOf(tariff)}${timeText(tariff)}`);
  for (const assignment of assignments)
    print(`${assignment.tariffId} holds at ${placeText(assignment)}${timeText(assignment)}`);
};

/** Puts tariffs into the table: all of them, or none where one of them is there already, and otherwise. */
const store = async (
  imported: readonly ImportedTariff[],
  { replace = false }: Flags,
  table: TariffTable,
  print: Print,
): Promise<void> => {
  const { tariffs: known, assignments } = await table.book();
  const previousOf = ({ tariffId }: Tariff) => known.find((previous) => sameId(previous.tariffId, tariffId));
  for (const { tariff } of imported) {
    const previous = previousOf(tariff);
    if (previous !== undefined && !replace && !isDeepStrictEqual(previous, tariff))
      throw new Problem(`Tariff ${previous.tariffId} exists already, and otherwise: add --replace to change it`);
  }
  for (const { tariff, warnings } of imported) {
    const previous = previousOf(tariff);
    await table.putTariff({ ...tariff, tariffId: previous?.tariffId ?? tariff.tariffId });
    for (const warning of warnings) print(`note: ${tariff.tariffId}: ${warning}`);
    print(`${tariff.tariffId}: ${elementsOf(tariff)}.`);
    if (previous === undefined || timeText(previous) === timeText(tariff)) continue;
    // A time that an assignment names is its own, also where it was taken from the tariff as that was then.
    for (const one of assignments.filter(({ tariffId }) => tariffId === previous.tariffId))
      if (timeText(one) !== '')
        print(
          `note: ${tariff.tariffId}: still holds at ${placeText(one)}${timeText(one)}: assign it again to change that`,
        );
  }
};

const isSchedule = (content: unknown): boolean =>
  typeof content === 'object' && content !== null && 'schedule' in content;

const imported = (content: unknown, flags: Flags): readonly ImportedTariff[] => {
  const { id, currency } = flags;
  if (!isSchedule(content)) {
    if (id !== undefined || currency !== undefined)
      throw new Problem('An OCPI tariff has its own id and currency: leave out --id and --currency');
    return importOcpi(content, { withoutReservations: flags['without-reservations'] === true });
  }
  if (id === undefined || currency === undefined)
    throw new Problem('A time-of-use schedule has no id and no currency of its own: give --id and --currency');
  const { tariff, warnings } = importTimeOfUse(content, id, currency);
  return [{ tariff: checkTariff(tariff), warnings }];
};

type Registry = Pick<StationRegistry, 'find' | 'list'>;
export type TariffPorts = { readonly table: TariffTable; readonly registry: Registry };

const placed = ['station', 'site', 'type', 'from', 'until'] as const;
const commands = {
  add: { flags: ['replace'] },
  import: { flags: ['replace', 'without-reservations', 'id', 'currency'] },
  assign: { flags: placed },
  unassign: { flags: placed },
  list: { flags: ['json'], alone: true },
} as const satisfies Commands;

/** Runs `tariff add|import|assign|unassign|list`. */
export const tariffCommand = async (argv: readonly string[], ports: TariffPorts, print: Print): Promise<void> => {
  const line = tariffFlags(argv);
  const { values: flags } = line;
  const [command, subject] = commandAndSubject(line, commands, tariffUsage);
  for (const name of ['station', 'site', 'type'] as const) nameFlag(name, flags[name]);
  if (command === 'list') return list(ports.table, flags, print);
  if (subject === undefined) throw new Problem(tariffUsage);
  if (command === 'assign') return assign(subject, flags, ports, print);
  if (command === 'unassign') return unassign(subject, flags, ports.table, print);
  const content = await jsonFile(subject);
  const read = explained(subject, () =>
    command === 'add' ? [{ tariff: checkTariff(content), warnings: [] }] : imported(content, flags),
  );
  await store(read, flags, ports.table, print);
};
