import type { ItemChange } from '../ports/item-change.ts';
import type { Written } from './record-history.ts';

/** What a write of tables connectors or stations says to history; undefined when it decided nothing. */
export const writtenItem = (change: ItemChange | undefined): Written | undefined => {
  switch (change?.kind) {
    case 'connector':
      return change.changes.length === 0 ? undefined : { connector: change.after };
    case 'station': {
      const { state, registration } = change.after;
      return state === undefined || change.changes.length === 0 ? undefined : { station: { state, registration } };
    }
    case 'alert':
    case 'signal':
    case undefined:
      return undefined;
  }
};
