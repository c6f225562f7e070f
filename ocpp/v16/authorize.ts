import type { Action } from '../action.ts';
import { textAt } from '../payload.ts';
import { idTagInfo } from './id-tag-info.ts';

export const authorize: Action = {
  name: 'Authorize',
  tags: (payload) => [textAt(payload, 'idTag') ?? ''].filter(Boolean),
  respond: (payload, context) => ({ idTagInfo: idTagInfo(textAt(payload, 'idTag') ?? '', context) }),
  facts: (payload, { received }) => [{ ...received, type: 'TagPresented', tag: textAt(payload, 'idTag') ?? '' }],
};
