import type { Alert, AlertChange } from '../../domain/alerts/alert.ts';
import { isWatched } from '../../domain/alerts/revision.ts';
import type { AlertTable } from '../../use-cases/ports/alert-table.ts';

/** The alerts table in memory, with everything it ever told, in order. Passes the contract of the real one. */
export type MemoryAlertTable = AlertTable & {
  readonly told: { alert: Alert; change: AlertChange }[];
  readonly all: () => readonly Alert[];
};

export const memoryAlertTable = (): MemoryAlertTable => {
  const items = new Map<string, Alert>();
  const told: { alert: Alert; change: AlertChange }[] = [];
  const latestOf = (condition: string): Alert | undefined =>
    [...items.values()].filter((alert) => alert.condition === condition).sort((a, b) => b.since - a.since)[0];
  return {
    told,
    all: () => [...items.values()],
    revise: async ({ condition, revise }) => {
      const latest = latestOf(condition);
      const next = revise(latest);
      if (next === latest) return false;
      if (next === undefined) {
        if (latest) items.delete(latest.alertId);
        return true;
      }
      items.set(next.alertId, next);
      told.push(...next.outbox.map((change) => ({ alert: next, change })));
      return true;
    },
    watched: async () => [...items.values()].filter(isWatched),
    find: async (alertId) => items.get(alertId),
  };
};
