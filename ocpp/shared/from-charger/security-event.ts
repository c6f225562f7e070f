import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { meaningfulAt, textAt } from '../../payload.ts';

/** Alike in 2.x and in the security white paper for 1.6. Event names are free text, kept verbatim. */
export const securityEvent: Action = {
  name: 'SecurityEventNotification',
  respond: () => ({}),
  facts: (payload, { stamped }) => [
    {
      ...stamped(payload),
      type: 'SecurityEventReported',
      event: textAt(payload, 'type') ?? '',
      ...omitUndefined({ techInfo: meaningfulAt(payload, 'techInfo') }),
    },
  ],
};
