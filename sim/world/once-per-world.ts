import type { World } from './world.ts';

/** What several invariants want to know of a world, found out once. */
export const oncePerWorld = <Found extends object>(find: (world: World) => Found): ((world: World) => Found) => {
  const known = new WeakMap<World, Found>();
  return (world) => {
    const found = known.get(world) ?? find(world);
    known.set(world, found);
    return found;
  };
};
