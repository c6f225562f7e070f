import type { ConnectorRule } from '../rule.ts';

/** A charger may go on after a refusal (a local list, an offline authorization, a free-vend switch): the energy is given away. */
export const unauthorizedSession: ConnectorRule = {
  name: 'unauthorized-session',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about: 'Raised when a session delivers energy although its tag was refused; clears when the session ends.',
  check: ({ session }) => {
    if (!session?.flags.includes('tagRefused') || session.energyWh <= 0) return undefined;
    return {
      since: session.startedAt,
      summary: 'Charges although the tag was refused',
      detail: {
        sessionId: session.sessionId,
        energyWh: session.energyWh,
        ...(session.tag === undefined ? {} : { tag: session.tag }),
      },
    };
  },
};
