import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. A room lists the rooms it may reach and the packages it may use; anything else is a forbidden arrow.
 * `types` are rooms that may be named in `import type` only.
 */
type Room = { rooms: string[]; packages: RegExp[]; types?: string[] };

const none: RegExp[] = [];
const anyPackage = [/^/];

const rooms: Record<string, Room> = {
  domain: { rooms: [], packages: none },
  ocpp: { rooms: ['domain'], packages: none },
  async: { rooms: [], packages: [/^p-map$/, /^lru-cache$/] },
  // zod checks the arguments of API fields; aws-lambda has the types of policies.
  'use-cases': { rooms: ['domain', 'ocpp', 'async'], packages: [/^zod$/, /^aws-lambda$/, /^p-map$/] },
  aws: {
    rooms: ['domain', 'ocpp', 'async', 'use-cases/ports'],
    packages: [/^@aws-sdk\//, /^@smithy\//, /^p-map$/, /^node:(crypto|util|zlib)$/],
  },
  runtime: {
    rooms: ['domain', 'ocpp', 'async', 'aws', 'use-cases/ports'],
    packages: [/^@middy\//, /^aws-lambda$/, /^p-map$/, /^node:/],
  },
  lambdas: {
    rooms: ['domain', 'ocpp', 'async', 'use-cases', 'aws', 'runtime'],
    packages: [/^zod\/mini$/, /^aws-lambda$/, /^node:/],
  },
  // The contracts of signals are what they are checked by.
  events: { rooms: ['domain', 'use-cases/accept-site-signals'], packages: [/^zod$/, /^node:/] },
  graphql: { rooms: [], packages: [/^@aws-appsync\/utils/, /^graphql$/, /^node:/] },
  lib: {
    rooms: ['graphql'],
    types: ['lambdas'],
    packages: [/^aws-cdk-lib/, /^constructs$/, /^cdk-nag$/, /^esbuild$/, /^node:/],
  },
  // What the account may use decides what is synthesized.
  bin: { rooms: ['lib', 'aws/deployment'], packages: [/^aws-cdk-lib/, /^cdk-nag$/, /^node:/] },
  cli: {
    rooms: ['domain', 'ocpp', 'async', 'use-cases', 'aws', 'runtime/system', 'lib/stages'],
    packages: [/^p-map$/, /^node:/],
  },
  // Simulated chargers and recorded ones are sent through the stack that runs on one machine.
  simulator: { rooms: ['domain', 'ocpp', 'async', 'aws', 'cli', 'local', 'runtime/system'], packages: anyPackage },
  // Benches run use cases in simulated time, on the fakes that pass the contracts of the real stores; what a charger costs is
  // metered on the deployed functions and read from the template.
  bench: {
    rooms: [
      ...['domain', 'ocpp', 'async', 'aws', 'use-cases', 'cli', 'simulator', 'local', 'test', 'runtime/system'],
      ...['lambdas', 'lib'],
    ],
    packages: anyPackage,
  },
  // The whole stack in one process, under one seed: deployed functions on services, time and chance of its own. The services
  // (sim/services) take less: see below.
  sim: {
    rooms: [
      ...['domain', 'ocpp', 'async', 'aws', 'runtime', 'use-cases', 'lambdas', 'lib'],
      ...['cli', 'local', 'simulator'],
    ],
    packages: anyPackage,
  },
  local: {
    rooms: ['domain', 'ocpp', 'async', 'aws', 'cli', 'lib', 'simulator', 'runtime/system'],
    packages: anyPackage,
  },
  // The deployment is tried against an emulator that is not ours, and held against the local run.
  rehearsal: { rooms: ['aws', 'cli', 'local', 'runtime/system'], packages: anyPackage },
  test: { rooms: [''], packages: anyPackage },
};

/** Folders that hold no code of ours. */
const withoutCode = ['data', 'docs', 'node_modules', 'cdk.out', 'coverage'];

/** The layers of the domain, lowest first: a folder may import only those before it. */
const domainLayers = [
  'kernel',
  'calendar',
  'registry',
  'session',
  'profile',
  'connector',
  'station',
  'commands',
  'charging',
  'demand-response',
  'site',
  'tariff',
  'fleet',
  'availability',
  'uptime',
  'windows',
  'history',
  'alerts',
  'events',
];

/** Who reads the clock, timers and chance: everybody else is given a `System`. Secrets are never drawn from a given one. */
const suppliers = [
  'runtime/system.ts',
  'aws/credential.ts',
  'simulator/clock.ts',
  'simulator/random.ts',
  'local/local-system.ts',
  'local/lambda/lambda-worker.mjs',
  // Puts virtual ones in their place.
  'sim/time/replace-globals.ts',
];
/** Build-time scripts of the pure core: run by a developer, deployed by nobody. */
const generators = /\/generate-[a-z-]+\.ts$/;

const root = resolve(import.meta.dirname, '..');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'generated' || name === 'node_modules' ? [] : filesBelow(path);
    return /\.(ts|js|mjs)$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
  });

type Import = { specifier: string; typeOnly: boolean };

const importsOf = (source: string): Import[] =>
  [
    ...source.matchAll(
      /^\s*(import|export)(\s+type)?\b[^'";]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map(([, , typeWord, from, bare, dynamic]) => ({
    specifier: from ?? bare ?? dynamic ?? '',
    typeOnly: typeWord !== undefined,
  }));

const upward = (here: string, target: string): string[] => {
  const [from, to] = [here, target].map((path) => path.split('/')[1] ?? '');
  const layer = (folder = ''): number => domainLayers.indexOf(folder);
  if (from === to) return [];
  return layer(from) > layer(to) && layer(to) >= 0 ? [] : [`${here} imports ${target}, which is not below it`];
};

const forbidden = (path: string, source: string): string[] => {
  const here = relative(root, path);
  const room = here.split('/')[0] ?? '';
  const rule = rooms[room];
  if (rule === undefined) return [`${here}: no rule for room ${room}`];
  return importsOf(source).flatMap(({ specifier, typeOnly }) => {
    if (!specifier.startsWith('.'))
      return rule.packages.some((allowed) => allowed.test(specifier)) ? [] : [`${here} imports ${specifier}`];
    const target = relative(root, resolve(dirname(path), specifier));
    const targetRoom = target.split('/')[0] ?? '';
    if (room === 'lambdas' && targetRoom === 'lambdas')
      return here.split('/')[1] === target.split('/')[1] ? [] : [`${here} imports another function: ${target}`];
    if (room === 'domain' && targetRoom === 'domain') return upward(here, target);
    if (targetRoom === room || rule.rooms.some((allowed) => target.startsWith(allowed))) return [];
    return typeOnly && rule.types?.includes(targetRoom) ? [] : [`${here} imports ${target}`];
  });
};

const sources = Object.keys(rooms)
  .flatMap((room) => filesBelow(join(root, room)))
  .filter((path) => !generators.test(path));

describe('the arrows between rooms', () => {
  it('names every folder of the project', () => {
    const folders = readdirSync(root).filter(
      (name) => statSync(join(root, name)).isDirectory() && !name.startsWith('.'),
    );
    expect(folders.filter((name) => !(name in rooms) && !withoutCode.includes(name))).toEqual([]);
  });

  it('names every folder of the domain', () => {
    expect(readdirSync(join(root, 'domain')).sort()).toEqual(domainLayers.toSorted());
  });

  it('has files to look at in every room', () => {
    const found = new Set(sources.map((path) => relative(root, path).split('/')[0]));
    expect([...found].sort()).toEqual(Object.keys(rooms).sort());
  });

  it('finds every kind of import line', () => {
    const source = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import '../side-effect.ts';",
      "export * from './c.ts';",
      'import {\n  d,\n} from "d";',
      "const e = await import('./e.ts');",
    ].join('\n');
    expect(importsOf(source)).toEqual([
      { specifier: './a.ts', typeOnly: false },
      { specifier: '../b.ts', typeOnly: true },
      { specifier: '../side-effect.ts', typeOnly: false },
      { specifier: './c.ts', typeOnly: false },
      { specifier: 'd', typeOnly: false },
      { specifier: './e.ts', typeOnly: false },
    ]);
  });

  it.each([
    ['domain/session/x.ts', "import { now } from 'node:process';"],
    ['domain/session/x.ts', "import { Connector } from '../connector/connector.ts';"],
    ['domain/session/x.ts', "import { Thing } from '../unlisted/thing.ts';"],
    ['domain/x.ts', "import { readFrame } from '../ocpp/frames/read-frame.ts';"],
    ['ocpp/x.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['runtime/x.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['lambdas/a/x.ts', "import { b } from '../b/handler.ts';"],
    ['lib/x.ts', "import { Env } from '../lambdas/a/env.ts';"],
    ['aws/x.ts', "import { startLocal } from '../local/stack/local-stack.ts';"],
  ])('refuses %s: %s', (path, source) => {
    expect(forbidden(join(root, path), source)).toHaveLength(1);
  });

  it('allows lib to name a function’s environment as a type', () => {
    expect(forbidden(join(root, 'lib/x.ts'), "import type { Env } from '../lambdas/a/env.ts';")).toEqual([]);
  });

  it('finds no forbidden import in any file of the project', () => {
    expect(sources.flatMap((path) => forbidden(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('keeps the simulated services apart from what they serve, and from ports, files and processes', () => {
    const allowed = /^(sim\/services|domain\/kernel|lib\/stores|local)\//;
    const found = sources
      .map((path) => relative(root, path))
      .filter((path) => path.startsWith('sim/services/'))
      .flatMap((path) =>
        importsOf(readFileSync(join(root, path), 'utf8')).flatMap(({ specifier, typeOnly }) => {
          const target = specifier.startsWith('.')
            ? relative(root, resolve(root, dirname(path), specifier))
            : specifier;
          const isAllowed = specifier.startsWith('.')
            ? allowed.test(target) && (typeOnly || !target.startsWith('lib/'))
            : /^@aws-sdk\/|^@smithy\/|^node:crypto$/.test(specifier);
          return isAllowed ? [] : [`${path} imports ${target}`];
        }),
      );
    expect(found).toEqual([]);
  });

  it('has no circle of files', () => {
    const imports = new Map(
      sources.map((path) => [
        path,
        importsOf(readFileSync(path, 'utf8'))
          .filter(({ specifier }) => specifier.startsWith('.'))
          .map(({ specifier }) => resolve(dirname(path), specifier)),
      ]),
    );
    const settled = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path))
        circles.push([...trail.slice(trail.indexOf(path)), path].map((file) => relative(root, file)).join(' -> '));
      if (settled.has(path) || trail.includes(path)) return;
      for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
      settled.add(path);
    };
    for (const path of imports.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });

  it('has no folder with more than 28 files, except folders with one file per list entry', () => {
    const counts = Map.groupBy(
      sources.filter((path) => !/^test\//.test(relative(root, path))),
      (path) => relative(root, dirname(path)),
    );
    const lists = /\/(rules|from-charger|to-charger|series)$/;
    const overfull = [...counts].filter(([folder, files]) => files.length > 28 && !lists.test(folder));
    expect(overfull.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  it('keeps only wiring in the folders of the Lambdas', () => {
    const found = sources
      .map((path) => relative(root, path))
      .filter((path) => path.startsWith('lambdas/') && !/\/(handler|wire|env)\.ts$/.test(path));
    expect(found).toEqual([]);
  });

  it('has no file that asks import.meta.main whether it is the program that was started', () => {
    const found = sources
      .filter((path) => !path.endsWith('architecture.test.ts'))
      .filter((path) => /import\.meta\.main/.test(readFileSync(path, 'utf8')))
      .map((path) => relative(root, path));
    expect(found).toEqual([]);
  });

  it('keeps Java out of the unit tests', () => {
    const unit =
      /^test\/(async|bench|contracts|domain|events|graphql|ocpp|runtime|sim|support|use-cases)\/.*\.test\.ts$/;
    const found = sources
      .filter((path) => unit.test(relative(root, path)))
      .filter((path) => /dynamodb-local|running-stack/.test(readFileSync(path, 'utf8')))
      .map((path) => relative(root, path));
    expect(found).toEqual([]);
  });

  it('keeps the pure rooms free of the environment', () => {
    const found = sources
      .filter((path) => /^(domain|ocpp|use-cases|async)\//.test(relative(root, path)))
      .filter((path) => /\bprocess\./.test(readFileSync(path, 'utf8')))
      .map((path) => relative(root, path));
    expect(found).toEqual([]);
  });

  it('reads clock, timers and random numbers only in the files listed as their suppliers', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bset(Timeout|Interval|Immediate)\b|\bnode:timers\b|\bMath\.random\b|\brandom(UUID|Bytes)\b|\bperformance\./;
    const found = sources
      .map((path) => relative(root, path))
      .filter((path) => /^(domain|ocpp|use-cases|async|aws|runtime|lambdas|sim|simulator|local)\//.test(path))
      .filter((path) => impure.test(readFileSync(join(root, path), 'utf8')));
    expect(found.filter((path) => !suppliers.includes(path))).toEqual([]);
  });

  it('states how long a call of a service may take', () => {
    const without = sources
      .map((path) => ({ path: relative(root, path), source: readFileSync(path, 'utf8') }))
      .filter(({ path, source }) =>
        path.startsWith('lambdas/')
          ? /aws\/dynamodb\//.test(source) && !/callPolicies\./.test(source)
          : path.startsWith('aws/') && /new \w+Client\((?!configuration\)|clientConfig\()/.test(source),
      );
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('exports what it wires on the machine from every folder of a Lambda', () => {
    const without = sources
      .map((path) => relative(root, path))
      .filter((path) => /^lambdas\/[^/]+\/handler\.ts$/.test(path))
      .filter(
        (path) =>
          !/^export const \{ [\w, ]+ \} = wire\(process\.env, platform\);$/m.test(
            readFileSync(join(root, path), 'utf8'),
          ),
      );
    expect(without).toEqual([]);
  });

  it('imports zod as a namespace in deployed code: { z } brings forty languages of messages into every bundle', () => {
    const found = sources
      .map((path) => relative(root, path))
      .filter((path) => /^(use-cases|lambdas|aws|runtime)\//.test(path))
      .filter((path) => /import \{ z[ ,}].*from 'zod/.test(readFileSync(join(root, path), 'utf8')));
    expect(found).toEqual([]);
  });

  it('reads process.env only in handlers and outside the deployed code', () => {
    const found = sources
      .filter((path) => /^(domain|ocpp|async|use-cases|aws|runtime|lambdas|lib)\//.test(relative(root, path)))
      .filter((path) => !/^lambdas\/[^/]+\/handler\.ts$/.test(relative(root, path)))
      // Takes the place of a dependency's file, which reads them too.
      .filter((path) => relative(root, path) !== 'lib/lambda-bundle/credentials.js')
      .filter((path) => /process\.env/.test(readFileSync(path, 'utf8')))
      .map((path) => relative(root, path));
    expect(found).toEqual([]);
  });
});
