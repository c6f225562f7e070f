import * as z from 'zod';
import { greatest, type Role, roles } from '../../domain/kernel/role.ts';
import type { FieldCaller } from '../ports/field.ts';

/** How a stage finds the role of whoever asks. */
export const CallerRules = z.object({
  /** The claim of a token that holds a role, or a list of which some are roles. */
  roleClaim: z.string().min(1),
  /** The claim of a token that names the person; where it is absent, their subject does. */
  nameClaim: z.string().min(1),
  /** Roles of IAM identities: the greatest of all patterns that fit; `*` stands for anything without a colon. */
  iamRoles: z.array(z.object({ arn: z.string().min(1), role: z.enum(roles) })),
});
export type CallerRules = z.infer<typeof CallerRules>;

/** Reads the rules from the text a function is configured with. */
export const callerRules = (json: string): CallerRules => CallerRules.parse(JSON.parse(json));

/** What AppSync says of a caller (`ctx.identity`) after it has verified the signature or the token. */
const Identity = z.union([
  z.object({ userArn: z.string().min(1) }),
  z.object({ issuer: z.string().min(1), sub: z.string().min(1), claims: z.record(z.string(), z.unknown()) }),
]);

/** Whoever shows the API key has no identity, and only reads. */
const keyHolder: FieldCaller = { by: 'api-key', role: 'viewer' };

/** Whether an ARN matches a pattern: a star stands for any text without a colon. */
const isMatch = (pattern: string, arn: string): boolean => {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('[^:]*')}$`).test(arn);
};

const isRole = (text: unknown): text is Role => roles.some((role) => role === text);

const rolesIn = (claim: unknown): readonly Role[] => (Array.isArray(claim) ? claim : [claim]).filter(isRole);

/** Names that stand for somebody else than a person with a token. */
const taken = /^(wattstream$|api-key$|demand response$|openadr(:|$)|site[ :]|arn:|bus:|command line:)/i;

const nameOf = (claim: unknown, issuer: string, sub: string): string => {
  const name = typeof claim === 'string' && claim.trim() !== '' ? claim : sub;
  return taken.test(name) ? `${issuer}#${sub}` : name;
};

/**
 * Who asks, with their role: the greatest their token names or their ARN is given; viewer where there is none. `identity` is
 * undefined for the API key. Throws for an identity of a kind there is no rule for.
 */
export const identifyCaller = ({ roleClaim, nameClaim, iamRoles }: CallerRules) => {
  const rolesOf = (userArn: string): readonly Role[] =>
    iamRoles.filter(({ arn }) => isMatch(arn, userArn)).map(({ role }) => role);
  return (identity: unknown): FieldCaller => {
    if (identity === undefined || identity === null) return keyHolder;
    const known = Identity.parse(identity);
    if ('userArn' in known) return { by: known.userArn, role: greatest(rolesOf(known.userArn)) ?? 'viewer' };
    const { claims, issuer, sub } = known;
    return {
      by: nameOf(claims[nameClaim], issuer, sub),
      role: greatest(rolesIn(claims[roleClaim])) ?? 'viewer',
    };
  };
};
