import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { callPolicies } from '../../../aws/call-policy.ts';
import { localSystem } from '../../../local/local-system.ts';
import { interferences } from '../../../sim/faults/interference.ts';
import { simulatedClients } from '../../../sim/stack/simulated-clients.ts';
import { trace } from '../../../sim/trace.ts';

class AnyClient {
  declare readonly send: (command: object) => Promise<unknown>;
}

/** What waits for a request of an instance that has ended: reached from nowhere else. */
const waiting = (): WeakRef<object> => {
  const open = simulatedClients(
    { entry: 'ended', isAlive: () => false, crash: () => {}, lackOfRights: () => undefined },
    {
      services: new Map([[AnyClient, { name: 'any', send: async () => ({}) }]]),
      system: localSystem,
      interferences: interferences(),
      trace: trace(() => 0, false),
      purposeOf: () => 'any',
      latencyMs: () => 0,
      report: () => {},
    },
  );
  const world = { of: 'a run' };
  const client = open(AnyClient as never, callPolicies.consumer) as unknown as AnyClient;
  client.send({ input: {} }).then(() => world);
  return new WeakRef(world);
};

it('forgets whoever waits for the answer to an instance that has ended', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const world = waiting();
  await new Promise((resolve) => setTimeout(resolve, 10));
  collect();
  expect(world.deref()).toBeUndefined();
});
