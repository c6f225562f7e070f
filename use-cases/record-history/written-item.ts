import type { ItemChange } from '../ports/item-change.ts';
import type { Written } from './record-history.ts';

/**
 * What a change of tables connectors or stations says to history; undefined when its outbox is not new: heartbeats and
 * registrations write the station's item too, and their images show an outbox that was handled before.
 */
export const writtenItem = (change: ItemChange | undefined): Written | undefined => {
  switch (change?.kind) {
    case 'connector':
      return { connector: change.after };
    case 'station': {
      const { state, registration } = change.after;
      if (state === undefined || state.rev === change.before?.state?.rev) return undefined;
      return { station: { state, registration } };
    }
    case 'alert':
    case undefined:
      return undefined;
  }
};
