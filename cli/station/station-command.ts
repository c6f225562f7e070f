import { iso } from '../../domain/kernel/iso.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { Sockets } from '../../use-cases/ports/sockets.ts';
import type { StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';
import type { TagList } from '../../use-cases/ports/tag-list.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { instantFlag } from '../command-line/instant-flag.ts';
import { nameFlag } from '../command-line/name-flag.ts';
import { Problem } from '../command-line/problem.ts';
import { checkTags, importTags } from '../tag/tag-entry.ts';
import { connectorText } from './connector-spec.ts';
import { readSeed } from './read-seed.ts';
import { importStations, type RegisterPorts, registerStation } from './register-station.ts';
import { rotateCredential } from './rotate-credential.ts';
import { entryOfFlags, type StationFlags, stationFlags, stationUsage } from './station-flags.ts';

export type StationPorts = RegisterPorts & {
  readonly connectivity: Pick<StationConnectivity, 'newest'>;
  readonly sockets: Sockets;
  readonly tags: Pick<TagList, 'put'>;
};

type Print = (line: string) => void;

/** What a socket was told when it opened holds until it closes: closing it makes the charger come back and hear the new word. */
const hangUp = async (stationId: string, { connectivity, sockets }: StationPorts, print: Print): Promise<void> => {
  const newest = await connectivity.newest(stationId);
  if (newest?.connectionId === undefined || newest.transport !== 'websocket') return;
  await sockets.close(newest.connectionId);
  print(`Its open connection was closed.`);
};

const needId = (id: string | undefined): string => {
  if (id !== undefined) return id;
  throw new Problem(`Which station? Give its id.\n\n${stationUsage}`);
};

const needed = ['site', 'zone', 'region', 'timezone', 'connector'] as const;

const needFlags = (flags: StationFlags): void => {
  const missing = needed.filter((name) => flags[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) throw new Problem(`Missing: ${missing.join(', ')}\n\n${stationUsage}`);
};

const row = ({ stationId, siteId, zoneId, region, admission, connectors }: Registration): string =>
  [stationId, siteId, zoneId, region, admission, connectors.map(connectorText).join(' ')].join('\t');

const commands = {
  add: {
    flags: [
      ...['site', 'zone', 'region', 'timezone', 'connector', 'vendor', 'model', 'firmware', 'contract-max-kw'],
      ...['supply-voltage', 'commissioned', 'lat', 'lon', 'admission', 'ocpp', 'password', 'replace'],
    ],
  },
  list: { flags: ['site', 'json'], alone: true },
  remove: { flags: ['decommissioned'] },
  rotate: { flags: ['password'] },
  import: { flags: [] },
} as const satisfies Commands;

/** Runs `station add|list|remove|rotate|import`, with ports to the stack it is meant for. */
export const stationCommand = async (argv: readonly string[], ports: StationPorts, print: Print): Promise<void> => {
  const line = stationFlags(argv);
  const { values: flags } = line;
  const [command, subject] = commandAndSubject(line, commands, stationUsage);
  switch (command) {
    case 'add': {
      const stationId = needId(subject);
      needFlags(flags);
      const done = await registerStation(entryOfFlags(stationId, flags), ports, {
        replace: flags.replace === true,
      });
      print(`${done.stationId}: ${done.outcome}.`);
      if (done.madePassword !== undefined) print(`Password, shown this once: ${done.madePassword}`);
      if (done.previous !== undefined && done.previous.admission !== done.registration.admission)
        await hangUp(done.stationId, ports, print);
      return;
    }
    case 'list': {
      const found = await ports.registry.list(nameFlag('site', flags.site));
      if (flags.json === true) return print(JSON.stringify(found, null, 2));
      if (found.length === 0) return print('No station is registered here.');
      print(['STATION', 'SITE', 'ZONE', 'REGION', 'ADMISSION', 'CONNECTORS'].join('\t'));
      for (const registration of found) print(row(registration));
      return;
    }
    case 'remove': {
      const stationId = needId(subject);
      const at = flags.decommissioned === undefined ? ports.now() : instantFlag('decommissioned', flags.decommissioned);
      if (at > ports.now()) throw new Problem('--decommissioned: an instant that has been');
      if (!(await ports.registry.remove(stationId, at))) throw new Problem(`${stationId} is not registered.`);
      await ports.credentials.remove(stationId);
      print(`${stationId}: removed; it gets 404 from now on.`);
      await hangUp(stationId, ports, print);
      print('What it did stays: sessions, timeline and windows, and the last state of its connectors.');
      print(`Reports of uptime count it up to the day before ${iso(at)}.`);
      return;
    }
    case 'rotate': {
      const stationId = needId(subject);
      const made = await rotateCredential(stationId, flags.password, ports);
      print(`${stationId}: the old password is refused from now on; an open connection goes on until it ends.`);
      if (made !== undefined) print(`Password, shown this once: ${made}`);
      return;
    }
    case 'import': {
      if (subject === undefined) throw new Problem(`Which file?\n\n${stationUsage}`);
      const seed = await readSeed(subject);
      // Before the first station is written: a faulty file changes nothing.
      const tags = checkTags(seed.tags);
      const done = await importStations(seed.stations, ports);
      const count = (outcome: string): number => done.filter((registered) => registered.outcome === outcome).length;
      print(`Stations: ${count('added')} added, ${count('changed')} changed, ${count('unchanged')} unchanged.`);
      for (const { stationId, madePassword } of done)
        if (madePassword !== undefined) print(`${stationId}\tpassword, shown this once: ${madePassword}`);
      for (const { stationId, previous, registration } of done)
        if (previous !== undefined && previous.admission !== registration.admission)
          await hangUp(stationId, ports, print);
      if (tags.length > 0) print(`Tags: ${await importTags(tags, ports.tags)} written.`);
      return;
    }
  }
};
