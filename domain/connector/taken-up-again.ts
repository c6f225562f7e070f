import type { EventContext } from '../kernel/event-context.ts';
import { inSequence, type Transition } from '../kernel/transition.ts';
import { pastGoesOn } from './clock-shifted.ts';
import type { Connector } from './connector.ts';
import { inferredEndUndone } from './session-slots.ts';

/** A message that names a session shows that it goes on: an end that was inferred is undone, one of the past may be live. */
export const takenUpAgain = (
  connector: Connector,
  transactionId: string,
  context: EventContext,
): Transition<Connector> =>
  inSequence(
    connector,
    (before) => inferredEndUndone(before, transactionId, context),
    (before) => pastGoesOn(before, transactionId, context),
  );
