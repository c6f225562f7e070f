import { happens, type SimServiceContext } from '../sim-service-context.ts';
import type { Table, View } from './table.ts';

/** The tables of the account; `of` throws ResourceNotFoundException. */
export type Tables = { readonly of: (name: string | undefined) => Table };
/** What carrying a request out takes beside its tables. */
export type RequestContext = Pick<SimServiceContext, 'random'> & {
  readonly conduct: NonNullable<SimServiceContext['conduct']>;
};

/** What a reader sees: now, or a moment ago if it did not ask for a consistent read. */
export const viewOf = (table: Table, isConsistent: boolean | undefined, { random, conduct }: RequestContext): View => {
  const { staleReads, stalestMs } = conduct();
  return !isConsistent && happens(staleReads, random) ? table.before(random() * stalestMs) : table.now;
};

const READ_UNIT_BYTES = 4_096;

/** The capacity of a read. */
export const readUnits = (bytes: number, isConsistent: boolean | undefined): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);

/** The capacity a request took, if it wants to know. */
export const capacity = (wanted: string | undefined, TableName: string, CapacityUnits: number) =>
  wanted === 'TOTAL' || wanted === 'INDEXES' ? { ConsumedCapacity: { TableName, CapacityUnits } } : {};
