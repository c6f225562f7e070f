import type { StoreRequest } from '../../local/faults/fault-proxy.ts';

/** A request to a store, with when it was made, ms since the epoch. */
type Made = { readonly at: number; readonly text: string };

/** Services whose requests the way from a signal to a profile is made of. */
const services = ['dynamodb', 'states', 'kinesis'];

/** Keeps which requests were made to stores of demand response, in their order. */
export const requestSequence = (tables: () => readonly string[]) => {
  const made: Made[] = [];
  return {
    requested: ({ service, operation, body }: StoreRequest): void => {
      if (!services.includes(service)) return;
      const named = tables().filter((table) => body.includes(`"${table}"`));
      if (service === 'dynamodb' && named.length === 0) return;
      made.push({ at: Date.now(), text: [service, operation, ...named].join(' ') });
    },
    /** Lines of what was asked between two instants, with the milliseconds since the first. */
    between: (fromAt: number, toAt: number): readonly string[] =>
      made
        .filter(({ at }) => at >= fromAt && at <= toAt)
        .map(({ at, text }) => `${String(at - fromAt).padStart(6)} ms  ${text}`),
  };
};
