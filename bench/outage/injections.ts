import { setTimeout as sleep } from 'node:timers/promises';
import type { HostedStack } from './hosted-stack.ts';

/** One thing that goes wrong. `inject` resolves when it is over; it may put another stack in the place of the one it had. */
export type Injection = {
  readonly name: string;
  readonly inject: (stack: HostedStack) => Promise<HostedStack>;
};

/** Functions whose process is ended in the midst of their work, by a part of their names. */
const workers = ['ProjectState', 'RecordHistory', 'PublishChanges', 'AnswerWebsocket'];

/** Every store refused and hung, the busy ones throttled, workers ended, and the whole stack killed and started again. */
export const injections = (
  stores: readonly string[],
  outageMs: number,
  restart: () => Promise<HostedStack>,
): readonly Injection[] => {
  const outage = (service: string, fault: 'refuse' | 'hang' | 'throttle'): Injection => ({
    name: `${service} ${{ refuse: 'refuses', hang: 'hangs', throttle: 'throttles' }[fault]} for ${outageMs / 1_000} s`,
    inject: async (stack) => {
      await stack.setFault(service, fault);
      await sleep(outageMs);
      await stack.setFault(service, undefined);
      return stack;
    },
  });
  return [
    ...stores.flatMap((store) => [outage(store, 'refuse'), outage(store, 'hang')]),
    ...stores.filter((store) => ['dynamodb', 'events'].includes(store)).map((store) => outage(store, 'throttle')),
    {
      name: `workers are ended (${workers.join(', ')})`,
      inject: async (stack) => {
        for (const worker of workers) {
          await stack.crash(worker);
          await sleep(1_000);
        }
        return stack;
      },
    },
    {
      name: 'the whole stack is killed (kill -9) and started again',
      inject: async (stack) => {
        await stack.kill();
        return await restart();
      },
    },
  ];
};
