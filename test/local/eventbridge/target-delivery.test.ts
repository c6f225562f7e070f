import { describe, expect, it } from 'vitest';
import { type TargetDelivery, targetDeliveries } from '../../../local/eventbridge/target-delivery.ts';
import { noJournal } from '../../../local/journal.ts';
import type { Abilities } from '../../../local/stack/local-service.ts';
import { skippingSystem } from '../../fakes/local-system.ts';

const delivery = (retryPolicy: Partial<TargetDelivery['retryPolicy']>): TargetDelivery => ({
  owner: 'Rule',
  targetArn: 'target',
  body: { n: 1 },
  event: { whole: true },
  deadLetterArn: 'letters',
  retryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400, ...retryPolicy },
});

/** Delivers to a target that refuses the first `refusals` attempts, until it has arrived somewhere. */
const deliver = async (one: TargetDelivery, refusals: number) => {
  const system = skippingSystem(0);
  const arrived: [string, unknown][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let attempts = 0;
  const take: Abilities['deliver'] = async (arn, { body }) => {
    if (arn === 'target') {
      attempts += 1;
      if (attempts <= refusals) throw new Error('down');
    }
    arrived.push([arn, body]);
    resolve();
  };
  const deliveries = await targetDeliveries('test', {
    journal: async () => noJournal(),
    reach: ((_arn: string, _ability: 'deliver') => take) as never,
    report: () => undefined,
    system,
  });
  await deliveries.add(one);
  await promise;
  return { arrived, attempts, hours: system.clock() / 3_600_000 };
};

describe('a delivery to a target', () => {
  it('arrives after an outage of many attempts', async () => {
    const { arrived, attempts } = await deliver(delivery({}), 100);
    expect([arrived, attempts]).toEqual([[['target', { n: 1 }]], 101]);
  });

  it('ends in the dead letters once the attempts of its policy are spent', async () => {
    const { arrived, attempts } = await deliver(delivery({ MaximumRetryAttempts: 3 }), Number.POSITIVE_INFINITY);
    expect([arrived, attempts]).toEqual([[['letters', { whole: true }]], 4]);
  });

  it('ends in the dead letters once it is as old as its policy allows', async () => {
    const { arrived, hours } = await deliver(delivery({ MaximumEventAgeInSeconds: 3_600 }), Number.POSITIVE_INFINITY);
    expect(arrived).toEqual([['letters', { whole: true }]]);
    expect(hours).toBeGreaterThan(0.9);
    expect(hours).toBeLessThanOrEqual(1);
  });
});
