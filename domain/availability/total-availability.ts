import { connectorStatuses } from '../kernel/connector-status.ts';
import type { Measures } from '../kernel/measures.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { statusMeasure } from './availability.ts';

/**
 * Availability over several windows: their seconds added up, not their percentages averaged. A window in which more
 * connectors were registered weighs more.
 */
export const totalAvailability = (windows: readonly Measures[]): Measures => {
  const sum = (measure: string): number => windows.reduce((total, measures) => total + (measures[measure] ?? 0), 0);
  const upSec = sum('upSec');
  const allSec = upSec + sum('downSec') + sum('unknownSec');
  const seconds = connectorStatuses.map((status) => statusMeasure('seconds', status));
  return omitUndefined({
    availablePercent: allSec > 0 ? (100 * upSec) / allSec : undefined,
    upSec,
    downSec: sum('downSec'),
    unknownSec: sum('unknownSec'),
    ...Object.fromEntries(seconds.map((name) => [name, sum(name)]).filter(([, value]) => value !== 0)),
  });
};
