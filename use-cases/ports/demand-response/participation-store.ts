import type {
  Participant,
  Participation,
  StationParticipation,
} from '../../../domain/demand-response/participation.ts';

/** How sites and drivers take part in events of the grid (table grid). */
export type ParticipationStore = {
  /** As it stands (a consistent read); undefined where nobody said anything. */
  readonly find: (participant: Participant) => Promise<Participation | undefined>;
  /** Stores one revision, and keeps it among the changes, if the stored one is the revision before it; 'conflict' otherwise. */
  readonly put: (participation: Participation) => Promise<'stored' | 'conflict'>;
  /** The last fifty of everything that was ever set, newest first. */
  readonly changes: (participant: Participant) => Promise<readonly Participation[]>;
  /** What is known of stations of these sites with cars of these drivers, by site. Eventually consistent. */
  readonly ofStations: (
    siteIds: readonly string[],
    tags: readonly string[],
  ) => Promise<(siteId: string) => StationParticipation>;
};
