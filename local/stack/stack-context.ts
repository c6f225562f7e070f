import { join } from 'node:path';
import { close, listen } from '../http/http-server.ts';
import { noJournal, openJournal } from '../journal.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Account } from '../template/template.ts';
import type { Abilities, RunningService, StackContext } from './local-service.ts';

/** The context services start in. `running` is filled by whoever starts them. */
export const stackContext = (
  deployment: Deployment,
  account: Account,
  running: ReadonlyMap<string, RunningService>,
  given: Pick<
    StackContext,
    | 'assetPath'
    | 'dataFolder'
    | 'system'
    | 'folder'
    | 'log'
    | 'notified'
    | 'onStop'
    | 'portOf'
    | 'report'
    | 'polling'
    | 'handedOver'
  >,
): StackContext => {
  return {
    ...given,
    deployment,
    account,
    refOf: (logicalId) => deployment.physical(logicalId).ref,
    arnOf: (logicalId) => deployment.physical(logicalId).attributes.Arn ?? '',
    reach: <Ability extends keyof Abilities>(nameOrArn: string, ability: Ability): Abilities[Ability] => {
      const name = nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[2] ?? '') : nameOrArn;
      const service: Partial<Abilities> | undefined = running.get(name);
      const found = service?.[ability];
      if (found === undefined)
        throw new Error(`${nameOrArn}: the local runtime has no service '${name}' that can '${ability}'`);
      return found;
    },
    environment: () => ({
      AWS_REGION: account.region,
      AWS_DEFAULT_REGION: account.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...Object.assign({}, ...[...running.values()].map(({ environment }) => environment)),
    }),
    rewritten: (value) => {
      const addresses = [...running.values()].flatMap((service) => service.addresses ?? []);
      const [from, to] = addresses.find(([address]) => value.startsWith(address)) ?? ['', ''];
      return `${to}${value.slice(from.length)}`;
    },
    journal: async (name, current) => {
      if (given.dataFolder === undefined) return noJournal();
      const journal = await openJournal(join(given.dataFolder, `${name}.jsonl`), current);
      given.onStop(journal.close);
      return journal;
    },
    open: async (server, option) => {
      const port = await (option ? listen(server, given.portOf(option), `--${option.flag}`) : listen(server));
      given.onStop(() => close(server));
      return port;
    },
  };
};
