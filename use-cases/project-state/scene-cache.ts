import type { Scene } from '../../domain/station/scene.ts';

/** Scenes of stations seen lately. A stale one is harmless: its guards no longer match, and the write is refused. */
export type SceneCache = {
  readonly get: (stationId: string) => Scene | undefined;
  readonly put: (scene: Scene) => void;
  readonly drop: (stationId: string) => void;
};

/** Keeps the scenes of the last `capacity` stations. */
export const sceneCache = (capacity: number): SceneCache => {
  const scenes = new Map<string, Scene>();
  return {
    get: (stationId) => scenes.get(stationId),
    put: (scene) => {
      scenes.delete(scene.stationId);
      scenes.set(scene.stationId, scene);
      const [oldest] = scenes.keys();
      if (scenes.size > capacity && oldest !== undefined) scenes.delete(oldest);
    },
    drop: (stationId) => {
      scenes.delete(stationId);
    },
  };
};
