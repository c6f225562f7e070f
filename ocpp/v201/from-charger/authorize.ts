import type { Action } from '../../action.ts';
import { idTokenInfo, tagOf } from '../id-token-info.ts';

export const authorize: Action = {
  name: 'Authorize',
  presents: (payload) => {
    const tag = tagOf(payload);
    return tag === undefined ? undefined : { tag };
  },
  respond: (payload, context) => ({ idTokenInfo: idTokenInfo(payload, context) }),
  facts: (payload, { received }) => {
    const tag = tagOf(payload);
    return tag === undefined ? [] : [{ ...received, type: 'TagPresented', tag }];
  },
};
