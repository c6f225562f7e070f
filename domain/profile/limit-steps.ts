import type { ProfilePurpose } from '../kernel/charging-profile.ts';
import { type LimitContext, limitAt, nextChangeAfter } from './limit-in-force.ts';
import { installedProfiles, isUnknown, type ProfileLog } from './profile-log.ts';

/** A limit from an instant on, until the next step. */
export type LimitStep = { readonly fromAt: number } & (
  | { readonly limitW: number; readonly purpose: ProfilePurpose; readonly commandId: string }
  /** No profile limits. */
  | { readonly isUnlimited: true }
  /** What holds cannot be told, or lies beyond the steps that are kept. */
  | { readonly isUnknown: true }
);

/** As many as a ramp has; what follows is written down when the time comes. */
const MOST_STEPS = 8;

/** The limit at an instant. */
export const limitStepAt = (log: ProfileLog, context: LimitContext, at: number): LimitStep => {
  if (isUnknown(log)) return { fromAt: at, isUnknown: true };
  const found = limitAt(installedProfiles(log), context, at);
  if (found === undefined) return { fromAt: at, isUnlimited: true };
  const { purpose, commandId } = found.profile;
  return { fromAt: at, limitW: found.limitW, purpose, commandId };
};

/** The limits from an instant on, as things are; more than fit end in one that is unknown. */
export const limitSteps = (log: ProfileLog, context: LimitContext, at: number): readonly LimitStep[] => {
  const steps = [limitStepAt(log, context, at)];
  if (isUnknown(log)) return steps;
  const profiles = installedProfiles(log);
  for (let next = nextChangeAfter(profiles, context, at); next !== undefined; ) {
    if (steps.length === MOST_STEPS) return [...steps, { fromAt: next, isUnknown: true }];
    steps.push(limitStepAt(log, context, next));
    next = nextChangeAfter(profiles, context, next);
  }
  return steps;
};
