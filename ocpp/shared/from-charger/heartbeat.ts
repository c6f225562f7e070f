import type { Action } from '../../action.ts';

/** Alike in every version: the station's clock source. That it lives is known from any message. */
export const heartbeat: Action = {
  name: 'Heartbeat',
  respond: (_payload, { now }) => ({ currentTime: new Date(now).toISOString() }),
  facts: () => [],
};
