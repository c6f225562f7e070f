/** What callers of the API may do; each role may do what those before it may. */
export const roles = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Whether a role includes another. */
export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** The role that includes all others of a list; undefined for an empty list. */
export const greatest = (held: readonly Role[]): Role | undefined => roles.findLast((role) => held.includes(role));
