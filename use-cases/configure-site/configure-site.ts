import * as z from 'zod';
import { strategies } from '../../domain/charging/strategies/index.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { configurationWarnings } from '../../domain/site/configuration-warnings.ts';
import {
  configurationFaults,
  defaultConfiguration,
  type SiteConfiguration,
} from '../../domain/site/site-configuration.ts';
import { optional } from '../fields/arguments-of.ts';
import { Conflict } from '../ports/field.ts';
import type { SiteStream } from '../ports/sites/site-record.ts';
import type { SiteSurvey } from '../ports/sites/site-setpoints.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';

const name = z.string().min(1).max(100);
const strategyNames = strategies.map((strategy) => strategy.name);

/** What may be set, as people write it: powers in W, times in seconds. */
export const ConfigurationPatch = z.strictObject({
  revision: z.number().int().min(0),
  controlled: optional(z.boolean()),
  limitW: optional(z.number()),
  marginPercent: optional(z.number()),
  meter: optional(z.enum(['grid', 'none'])),
  meterStaleSeconds: optional(z.number()),
  fallbackPercent: optional(z.number()),
  feeders: optional(z.array(z.strictObject({ feederId: name, limitW: z.number(), parent: optional(name) }))),
  phases: z
    .strictObject({ voltageV: optional(z.number()), limitA: z.number(), unbalanceA: optional(z.number()) })
    .nullable()
    .optional(),
  minimums: optional(
    z.array(z.strictObject({ connectorType: name, minimumW: z.number(), contract: optional(name) })).max(50),
  ),
  strategy: optional(z.enum(strategyNames)),
  tierFactors: optional(z.array(z.strictObject({ tier: name, factor: z.number() })).max(50)),
  onlySolar: optional(z.boolean()),
  minIntervalSeconds: optional(z.number()),
  minOnSeconds: optional(z.number()),
  validitySeconds: optional(z.number()),
  bidders: optional(z.array(name).max(50)),
});
export type ConfigurationPatch = z.output<typeof ConfigurationPatch>;

/** Reads what is to be set. Throws Rejected naming what is wrong with it. */
export const readPatch = (said: unknown): ConfigurationPatch => {
  const { data, error } = ConfigurationPatch.safeParse(said);
  if (error) throw new Rejected(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return data;
};

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * SECOND_MS;

/** A configuration with what a patch sets; one revision on. */
const patched = (known: SiteConfiguration, patch: ConfigurationPatch): SiteConfiguration => {
  const { phases: before, ...rest } = known;
  const { revision, phases, feeders, minimums, tierFactors, ...plain } = patch;
  const { meterStaleSeconds, minIntervalSeconds, minOnSeconds, validitySeconds, ...others } = plain;
  const limits = phases === undefined ? before : (phases ?? undefined);
  return {
    ...rest,
    ...omitUndefined({
      ...others,
      meterStaleMs: milliseconds(meterStaleSeconds),
      minIntervalMs: milliseconds(minIntervalSeconds),
      minOnMs: milliseconds(minOnSeconds),
      validityMs: milliseconds(validitySeconds),
      feeders: feeders?.map((feeder) => omitUndefined(feeder)),
      minimums: minimums?.map((minimum) => omitUndefined(minimum)),
      tierFactors: tierFactors && Object.fromEntries(tierFactors.map(({ tier, factor }) => [tier, factor])),
      phases: limits && {
        limitA: limits.limitA,
        voltageV: limits.voltageV ?? 230,
        ...omitUndefined({ unbalanceA: limits.unbalanceA }),
      },
    }),
    revision: revision + 1,
  };
};

export type ConfigurePorts = {
  readonly configurations: Pick<SiteConfigurations, 'find' | 'put'>;
  readonly survey: Pick<SiteSurvey, 'stations'>;
  readonly stream: SiteStream;
  readonly clock: () => number;
};

export type Configured = { readonly configuration: SiteConfiguration; readonly warnings: readonly string[] };

/**
 * Sets how a site is limited and shared, and tells its controller. Throws Rejected naming every fault, Conflict when somebody
 * changed it since the revision the patch was made from.
 */
export const configureSite =
  ({ configurations, survey, stream, clock }: ConfigurePorts) =>
  async (siteId: string, patch: ConfigurationPatch): Promise<Configured> => {
    const known = await configurations.find(siteId);
    const revision = known?.revision ?? 0;
    const changed = (now: number) =>
      new Conflict(`Site ${siteId} is at revision ${now}, not ${patch.revision}: read it again`);
    if (patch.revision !== revision) throw changed(revision);
    if (known === undefined && patch.limitW === undefined)
      throw new Rejected('limitW: a site is configured with the limit of its grid connection at least');
    const base: SiteConfiguration = known ?? { ...defaultConfiguration, siteId, revision: 0, limitW: 0 };
    const configuration = patched(base, patch);
    const faults = configurationFaults(configuration);
    if (faults.length > 0) throw new Rejected(faults.join('; '));
    const stations = await survey.stations(siteId);
    if ((await configurations.put(configuration)) === 'conflict')
      throw changed((await configurations.find(siteId))?.revision ?? 0);
    await stream.put([{ kind: 'site-configured', siteId, receivedAt: clock() }]);
    return { configuration, warnings: configurationWarnings({ configuration, stations }) };
  };
