import { optimistically } from '../../async/optimistically.ts';
import type { System } from '../../async/system.ts';
import type { Participation } from '../../domain/demand-response/participation.ts';
import type { ParticipationStore } from '../ports/demand-response/participation-store.ts';

export type ParticipationPorts = {
  readonly participations: Pick<ParticipationStore, 'find' | 'put'>;
  readonly system: System;
};

/**
 * Replaces how a site or a driver takes part in events of the grid; events that begin from then on keep to it, and those that
 * run keep what they froze. Resolves to what holds now, with its revision.
 */
export const setParticipation =
  ({ participations, system }: ParticipationPorts) =>
  (asked: Omit<Participation, 'rev'>): Promise<Participation> =>
    optimistically(system, async () => {
      const known = await participations.find(asked.participant);
      const next = { ...asked, rev: (known?.rev ?? 0) + 1 };
      return (await participations.put(next)) === 'stored' ? next : undefined;
    });
