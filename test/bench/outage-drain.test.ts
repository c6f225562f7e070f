import { expect, it } from 'vitest';
import { type Backlog, drained } from '../../bench/outage/drained.ts';

/** A backlog that is what the story says at every look, which take a second each. */
const told = (...story: readonly Readonly<Record<string, number>>[]) => {
  let looks = 0;
  const backlog = async (): Promise<Backlog> => {
    const parts = story[Math.min(looks, story.length - 1)] ?? {};
    looks += 1;
    return new Map(Object.entries(parts).map(([name, left]) => [name, { left: `${left} left`, position: -left }]));
  };
  return drained(backlog, { everyMs: 0, patienceMs: 3_000 }, () => looks * 1_000);
};

it('waits for what is left as long as it gets less', async () => {
  const story = Array.from({ length: 40 }, (_, look) => ({ history: 40 - look, projector: 40 - Math.floor(look / 2) }));
  expect(await told(...story, {})).toEqual({ tookMs: 41_000, stoodStill: [] });
});

it('tells a part that got nowhere, beside one that goes on', async () => {
  const story = Array.from({ length: 40 }, (_, look) => ({ history: Math.max(37, 40 - look), projector: 40 - look }));
  expect((await told(...story)).stoodStill).toEqual(['history: 37 left']);
});

it('does not take a part that falls behind again for one that gets on', async () => {
  const story = Array.from({ length: 40 }, (_, look) => ({ history: look % 2 === 0 ? 5 : 6 }));
  expect((await told(...story)).stoodStill).toHaveLength(1);
});
