import { parseArgs } from 'node:util';
import { strategies } from '../../domain/charging/strategies/index.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { isSiteId } from '../../domain/site/is-site-id.ts';
import { limitSource } from '../../domain/site/limit-source.ts';
import { type SiteLimitSet, signalSubject } from '../../domain/site/site-signal.ts';
import { standingLimits } from '../../domain/site/standing-limits.ts';
import { configurationShown } from '../../use-cases/configure-site/configuration-shown.ts';
import {
  type Configured,
  type ConfigurePorts,
  configureSite,
  readPatch,
} from '../../use-cases/configure-site/configure-site.ts';
import type { CredentialStore } from '../../use-cases/ports/credential-store.ts';
import type { SiteConfigurations, SiteStore } from '../../use-cases/ports/sites/site-store.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { jsonFile } from '../command-line/json-file.ts';
import { numberFlag } from '../command-line/number-flag.ts';
import { Problem } from '../command-line/problem.ts';

export const siteUsage = `Usage: npm run site -- COMMAND [--stage dev|prod]
  configure SITE [FLAGS]   sets how a site is limited and shared; what is left out keeps its value
  show SITE                prints the configuration, as --file takes it
  list                     sites that are configured
  limits SITE              limits that were signalled and hold, or are to come, and whose they are
  password SITE            makes a password for the building system of a site and prints it once; an older one ends

Flags of configure:
  --limit KW               the grid connection (needed at first)
  --margin PERCENT         kept free of it
  --controlled / --no-controlled   whether setpoints are sent
  --meter grid|none        none: nothing but chargers hangs on the limit
  --fallback PERCENT       what all chargers may draw while the meter is lost, of the limit (30)
  --strategy NAME          ${strategies.map(({ name }) => name).join(', ')}
  --file FILE.json         more (feeders, phases, minimums, tierFactors, ...): properties as in GraphQL's configureSite
Without --stage the stack that runs on this machine is meant.`;

/** Reads the flags of the command. Throws node's own error for one it does not know. */
export const siteFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    allowNegative: true,
    options: {
      stage: { type: 'string' },
      limit: { type: 'string' },
      margin: { type: 'string' },
      controlled: { type: 'boolean' },
      meter: { type: 'string' },
      fallback: { type: 'string' },
      strategy: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
type Flags = ReturnType<typeof siteFlags>['values'];

export type SitePorts = Omit<ConfigurePorts, 'configurations'> & {
  readonly configurations: SiteConfigurations;
  readonly states: SiteStore['states'];
  readonly credentials: Pick<CredentialStore, 'put'>;
  readonly makePassword: () => Promise<{ readonly password: string; readonly credential: string }>;
};
type Print = (line: string) => void;

const configure = async (siteId: string, flags: Flags, ports: SitePorts): Promise<Configured> => {
  const limitKw = numberFlag('limit', flags.limit);
  const said = omitUndefined({
    limitW: limitKw === undefined ? undefined : limitKw * 1_000,
    marginPercent: numberFlag('margin', flags.margin),
    controlled: flags.controlled,
    meter: flags.meter,
    fallbackPercent: numberFlag('fallback', flags.fallback),
    strategy: flags.strategy,
  });
  const revision = (await ports.configurations.find(siteId))?.revision ?? 0;
  const patch = { revision, ...(flags.file !== undefined && Object(await jsonFile(flags.file))), ...said };
  try {
    return await configureSite(ports)(siteId, readPatch(patch));
  } catch (error) {
    if (error instanceof Rejected) throw new Problem(error.message.replaceAll('; ', '\n'));
    throw error;
  }
};

/** A name that is misspelt is one of no site. */
const noteUnconfigured = async (siteId: string, { configurations }: SitePorts, print: Print): Promise<void> => {
  if ((await configurations.find(siteId)) === undefined) print(`note: ${siteId} is not configured`);
};

const limitLine = (signalled: SiteLimitSet): string => {
  const { scope, limit, from, to } = signalled;
  // One without a figure ends an earlier one when its time has come.
  const amount = limit === undefined ? 'none' : scope.kind === 'phases' ? `${limit} A` : `${limit / 1_000} kW`;
  const until = to === undefined ? '' : ` until ${iso(to)}`;
  return [signalSubject(signalled), amount, `from ${iso(from)}${until}`, limitSource(signalled)].join('\t');
};

const commands = {
  configure: { flags: ['limit', 'margin', 'controlled', 'meter', 'fallback', 'strategy', 'file'] },
  show: { flags: [] },
  list: { flags: [], alone: true },
  limits: { flags: [] },
  password: { flags: [] },
} as const satisfies Commands;

/** Runs `site configure|show|list|limits|password`. */
export const siteCommand = async (argv: readonly string[], ports: SitePorts, print: Print): Promise<void> => {
  const line = siteFlags(argv);
  const { values: flags } = line;
  const [command, siteId] = commandAndSubject(line, commands, siteUsage);
  if (command === 'list') {
    const sites = await ports.configurations.all();
    if (sites.length === 0) return print('No site is configured.');
    for (const { siteId: id, limitW, controlled, revision } of sites)
      print(`${id}\t${limitW / 1_000} kW\t${controlled ? 'controlled' : 'not controlled'}\trevision ${revision}`);
    return;
  }
  if (siteId === undefined) throw new Problem(siteUsage);
  switch (command) {
    case 'configure': {
      const { configuration, warnings } = await configure(siteId, flags, ports);
      print(`${siteId}: revision ${configuration.revision}, ${configuration.limitW / 1_000} kW.`);
      for (const warning of warnings) print(`note: ${warning}`);
      return;
    }
    case 'show': {
      const configuration = await ports.configurations.find(siteId);
      if (configuration === undefined) throw new Problem(`${siteId} is not configured`);
      return print(JSON.stringify(configurationShown(configuration), null, 2));
    }
    case 'limits': {
      const [kept] = await ports.states([siteId]);
      const { limits } = standingLimits(kept?.state ?? { limits: [] }, ports.clock());
      if (limits.length === 0) print(`${siteId}: no limit is signalled.`);
      for (const limit of limits) print(limitLine(limit));
      return noteUnconfigured(siteId, ports, print);
    }
    case 'password': {
      if (!isSiteId(siteId)) throw new Problem(`${siteId} is no name of a site`);
      const { password, credential } = await ports.makePassword();
      await ports.credentials.put(`site:${siteId}`, credential);
      print(`${siteId}: client id site:${siteId}, password ${password}`);
      return noteUnconfigured(siteId, ports, print);
    }
  }
};
