import { withoutSecrets } from '../../../domain/commands/without-secrets.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { bounded, textAt, valueAt } from '../../payload.ts';

/** What a timeline entry shows; all of it is in the archive. */
const MAX_DATA_LENGTH = 1000;

/** Alike in every version. We implement no vendor's extension, and the specification wants that said in these words. */
export const dataTransfer: Action = {
  name: 'DataTransfer',
  respond: () => ({ status: 'UnknownVendorId' }),
  facts: (payload, { received }) => {
    const data = valueAt(payload, 'data');
    const text = typeof data === 'string' || data === undefined ? data : JSON.stringify(data);
    return [
      {
        ...received,
        type: 'DataTransferred',
        vendorId: textAt(payload, 'vendorId') ?? '',
        ...omitUndefined({
          vendorMessageId: textAt(payload, 'messageId'),
          data: text === undefined ? undefined : bounded(withoutSecrets(text), MAX_DATA_LENGTH),
        }),
      },
    ];
  },
};
