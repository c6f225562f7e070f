import { util } from '@aws-appsync/utils';

/** Tags of drivers are for operators and administrators: others see no tag of a session, and none in an alert's figures. */
export function request() {
  return {};
}

export function response(ctx) {
  const { fieldName } = ctx.info;
  const value = ctx.source[fieldName];
  if (maySeeTags(ctx)) return value;
  if (fieldName === 'tag') return null;
  const detail = JSON.parse(value);
  return detail.tag ? JSON.stringify({ ...detail, tag: '(hidden)' }) : value;
}

/** As identifyCaller (use-cases/fields) finds the role. */
function maySeeTags(ctx) {
  const { identity, env } = ctx;
  if (!identity) return false;
  if (identity.userArn) return util.matches(env.TAG_READERS, identity.userArn);
  const claim = identity.claims[env.ROLE_CLAIM] ?? [];
  const held = typeof claim === 'string' ? [claim] : claim;
  return held.includes('operator') || held.includes('administrator');
}
