import { type SiteLimitSet, signalSubject } from './site-signal.ts';

/** Whose limits those of people are: what one of them has set, another may change or take back. */
export const OPERATORS = 'operators';

/** Systems that are told by the name their transport gives them: our own, event sources of the bus, buildings with a password. */
const systems = /^(demand response$|openadr$|bus: |site:)/;

/**
 * Whose limit it is. Limits of different sources hold beside each other: one replaces or takes back only what its own source
 * said. Where the door does not say it (also in what an earlier version stored) it follows from the sender.
 */
export const limitSource = ({ source, by }: Pick<SiteLimitSet, 'source' | 'by'>): string =>
  source ?? (systems.test(by) ? by : OPERATORS);

/** What a limit is about and whose it is, as text: of two with the same key the later instant holds. */
export const limitKey = (limit: SiteLimitSet): string => `${signalSubject(limit)}, ${limitSource(limit)}`;
