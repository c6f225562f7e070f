import type { Action } from '../../action.ts';
import { meaningfulAt, textAt } from '../../payload.ts';
import { idTagInfo, presentedTag } from '../id-tag-info.ts';

export const authorize: Action = {
  name: 'Authorize',
  presents: presentedTag,
  respond: (payload, context) => ({ idTagInfo: idTagInfo(textAt(payload, 'idTag') ?? '', context) }),
  facts: (payload, { received }) => {
    const tag = meaningfulAt(payload, 'idTag');
    return tag === undefined ? [] : [{ ...received, type: 'TagPresented', tag }];
  },
};
