import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepts } from '../../../local/http/http-server.ts';
import { localSystem } from '../../../local/local-system.ts';
import type { RunningService } from '../../../local/stack/local-service.ts';
import { localServices, startOf } from '../../../local/stack/local-services.ts';
import { resourceTypes } from '../../../local/stack/resource-types.ts';
import { stackContext } from '../../../local/stack/stack-context.ts';
import { type Deployment, deploymentOf } from '../../../local/template/deployment.ts';
import { synthesized } from '../../lib/synthesized.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const folder = mkdtempSync(join(tmpdir(), 'local-services-'));
afterAll(() => rmSync(folder, { recursive: true }));

let template: Parameters<typeof deploymentOf>[0];
beforeAll(() => {
  template = { Resources: {}, ...synthesized({ stage: 'dev' }).template.toJSON() };
});

/** Starts one service beside those it asks for while it starts, and tells which kinds it took. */
const startAlone = async (name: string) => {
  const stops: (() => Promise<void> | void)[] = [];
  const deployment = deploymentOf(template, account, resourceTypes);
  const taken = new Set<string>();
  const watched: Deployment = {
    ...deployment,
    all: (kind) => {
      taken.add(kind.type);
      return deployment.all(kind);
    },
  };
  const running = new Map<string, RunningService>();
  const context = stackContext(watched, account, running, {
    assetPath: () => folder,
    system: localSystem,
    dataFolder: undefined,
    folder,
    log: () => undefined,
    notified: () => undefined,
    onStop: (stop) => stops.push(stop),
    portOf: () => 0,
    report: () => undefined,
    polling: 'eager',
    handedOver: () => undefined,
  });
  for (const service of localServices) {
    if (service.name !== name && service.name !== 'cloudfront') continue;
    running.set(service.name, await startOf(service, context)(context));
  }
  const service = running.get(name);
  if (service === undefined) throw new Error(`${name} did not start`);
  return {
    service,
    taken,
    stop: async () => {
      for (const end of stops.reverse()) await end();
    },
  };
};

describe.each(localServices)('the local service $name', ({ name, kinds }) => {
  it('takes every kind it lists, serves at the addresses it names, and leaves nothing behind', async () => {
    const { service, taken, stop } = await startAlone(name);
    const addresses = Object.values({ ...service.environment, ...service.endpoints }).filter((text) =>
      /^\w+:\/\//.test(text),
    );
    const ports = [...new Set(addresses.map((address) => Number(new URL(address).port)))];
    try {
      expect([...kinds].filter(({ type }) => !taken.has(type)).map(({ type }) => type)).toEqual([]);
      // DynamoDB's own process opens its port later.
      if (name !== 'dynamodb') expect(await Promise.all(ports.map(accepts))).toEqual(ports.map(() => true));
    } finally {
      await stop();
    }
    expect(await Promise.all(ports.map(accepts))).toEqual(ports.map(() => false));
  });
});

describe('the list of local services', () => {
  it('has every folder that declares one', () => {
    const root = join(import.meta.dirname, '../../../local');
    const declared = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(root, name, `${name}.ts`))
      .filter((file) => existsSync(file))
      .flatMap((file) => /: LocalService = \{\n\s+name: '(\w+)'/.exec(readFileSync(file, 'utf8'))?.[1] ?? []);
    expect(declared.sort()).toEqual(localServices.map(({ name }) => name).sort());
  });

  it('gives every port a flag of its own', () => {
    const flags = localServices.flatMap(({ port }) => port?.flag ?? []);
    expect(new Set(flags).size).toBe(flags.length);
  });
});
