import { type Conduct, obligingConduct, type SimServiceContext } from '../../../sim/services/sim-service-context.ts';
import { randomFrom } from './random-operations.ts';

/** A context without faults, whose time is set by hand; services oblige but for what `conduct` says. */
export const simContext = (conduct: Partial<Conduct> = {}, seed = 1) => {
  const clock = { now: Date.UTC(2026, 6, 1) };
  const context: SimServiceContext = {
    now: () => clock.now,
    random: randomFrom(seed),
    fault: async () => undefined,
    conduct: () => ({ ...obligingConduct, ...conduct }),
  };
  return { clock, context };
};

export const account = { region: 'eu-west-1', accountId: '123456789012', stackName: 'sim' };
