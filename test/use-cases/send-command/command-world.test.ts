import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeMailboxStore } from '../../fakes/mailbox-store.ts';
import { brokenPromises, type CommandStore, liveThrough } from './command-world.ts';

const inMemory = (): CommandStore => {
  const mailboxes = fakeMailboxStore();
  return {
    mailboxes,
    setContact: async (stationId, contact) => void mailboxes.contacts.set(stationId, contact),
  };
};

/** The use cases themselves, several of them at once, each of which may die at every await; the store is one that is told apart by its contract tests only. */
describe.each(['websocket', 'mqtt'] as const)('commands over %s, whatever happens', (transport) => {
  it('are outstanding one at a time, sent once where a repeat does harm, in order, and all end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const story = await liveThrough({ seed, stationId: 'S1', store: inMemory(), transport, steps: 150 });
        expect(brokenPromises(story)).toEqual([]);
      }),
      // 1363905950: two connections of one instant, of which the older one is told last.
      { numRuns: 300, examples: [[1363905950]] },
    );
  });

  it('live through much in these stories', async () => {
    const stories = await Promise.all(
      Array.from({ length: 40 }, (_, seed) =>
        liveThrough({ seed, stationId: 'S1', store: inMemory(), transport, steps: 150 }),
      ),
    );
    const states = new Set(stories.flatMap((story) => [...story.states.values()]));
    const sum = (count: (story: (typeof stories)[number]) => number) =>
      stories.reduce((total, story) => total + count(story), 0);
    expect([...states].toSorted()).toEqual(expect.arrayContaining(['Accepted', 'Superseded', 'TimedOut', 'Unknown']));
    expect(sum(({ crashes }) => crashes)).toBeGreaterThan(100);
    expect(sum(({ sent }) => sent.filter(({ attempt }) => attempt > 1).length)).toBeGreaterThan(5);
    expect(sum(({ told, states: reached }) => told.length - reached.size)).toBeGreaterThan(5);
  });
});
