import { describe, expect, it } from 'vitest';
import { chosenWindowStore, type WindowStoreQuestion } from '../../lib/window-store-choice.ts';

const environment = { account: '111122223333', region: 'eu-west-1' };
const key = 'wattstream:windowStore:account=111122223333:region=eu-west-1';

/** Asks with a memory that keeps what it is told, and an account that may use Timestream or not. */
const asking = (over: Partial<WindowStoreQuestion> = {}) => {
  const memory = new Map<string, unknown>();
  const asked: string[] = [];
  return {
    memory,
    asked,
    choose: () =>
      chosenWindowStore({
        told: undefined,
        environment,
        remembered: (name) => memory.get(name),
        remember: (name, store) => memory.set(name, store),
        timestreamIsOpen: async () => {
          asked.push('account');
          return true;
        },
        ...over,
      }),
  };
};

describe('where windows are kept', () => {
  it.each([
    [true, 'timestream'],
    [false, 'dynamodb'],
  ] as const)('is asked once and remembered for account and region (Timestream is open: %s)', async (isOpen, store) => {
    let asked = 0;
    const { choose, memory } = asking({
      timestreamIsOpen: async () => {
        asked += 1;
        return isOpen;
      },
    });
    const first = await choose();
    const second = await choose();
    expect([first.store, second, asked, Object.fromEntries(memory)]).toEqual([store, { store }, 1, { [key]: store }]);
    expect(first.says).toContain('111122223333 in eu-west-1');
  });

  it('is what -c windowStore says, without asking', async () => {
    const { choose, asked } = asking({ told: 'dynamodb' });
    expect([await choose(), asked]).toEqual([{ store: 'dynamodb' }, []]);
  });

  it('is assumed to be DynamoDB without credentials, which is said and not remembered', async () => {
    const { choose, asked, memory } = asking({ environment: undefined });
    const { store, says } = await choose();
    expect([store, asked, memory.size]).toEqual(['dynamodb', [], 0]);
    expect(says).toContain('there are no AWS credentials to ask');
  });

  it('is not guessed when AWS does not answer: a wrong guess would move the windows of a deployed stack', async () => {
    const { choose, memory } = asking({ timestreamIsOpen: () => Promise.reject(new Error('timed out')) });
    await expect(choose()).rejects.toThrow('AWS did not say whether account 111122223333 may use Timestream');
    expect(memory.size).toBe(0);
  });
});
