import { type Participation, participantKey } from '../../domain/demand-response/participation.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ParticipationStore } from '../../use-cases/ports/demand-response/participation-store.ts';

/** Participation in memory, every revision of it. */
export const fakeParticipationStore = (): ParticipationStore => {
  const revisions = new Map<string, readonly Participation[]>();
  const of = (key: string): readonly Participation[] => revisions.get(key) ?? [];
  return {
    find: async (participant) => of(participantKey(participant)).at(-1),
    put: async (participation) => {
      const key = participantKey(participation.participant);
      if (of(key).length !== participation.rev - 1) return 'conflict';
      revisions.set(key, [...of(key), participation]);
      return 'stored';
    },
    changes: async (participant) => of(participantKey(participant)).toReversed().slice(0, 50),
    ofStations: async (_, tags) => {
      const isOut = (tag: string): boolean => of(participantKey({ kind: 'driver', tag })).at(-1)?.isOptedOut === true;
      const optedOutTags = new Set(tags.filter(isOut).map((tag) => tag.toUpperCase()));
      return (siteId) => ({
        optedOutTags,
        ...omitUndefined({ site: of(participantKey({ kind: 'site', siteId })).at(-1) }),
      });
    },
  };
};
