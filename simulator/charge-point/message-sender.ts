import { z } from 'zod';
import type { Traffic } from '../traffic.ts';
import type { Dialect, Identity, Said } from './dialect.ts';
import { type Call, outbox, type Payload } from './message-queue.ts';
import type { Plug, Status } from './simulated-connector.ts';
import type { Timers } from './timers.ts';

/** Everything a station says on its own account, in its dialect, over whatever connection it has. */
export type Voice = {
  /** About a transaction: kept, and retried until it is answered. */
  readonly transact: (said: Said, answered: (answer: Payload) => void) => void;
  /** Asks and waits for the answer; undefined when there is none. */
  readonly ask: (said: Said) => Promise<Payload | undefined>;
  readonly setStatus: (plug: Plug, status: Status, errorCode?: string) => void;
  /** Says the status again, whether it is known or not. */
  readonly repeatStatus: (plug: Plug) => void;
  readonly heartbeat: () => void;
  readonly boot: () => void;
  /** The next thing to be said is a boot: the station was off. */
  readonly forget: () => void;
  readonly isBooted: () => boolean;
  readonly connected: () => void;
  readonly disconnected: () => void;
  /** Messages not yet answered. */
  readonly pending: () => number;
  readonly drained: () => Promise<void>;
};

export type VoiceOptions = {
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly plugs: readonly Plug[];
  readonly call: Call;
  readonly isOpen: () => boolean;
  readonly traffic: Traffic;
  readonly clock: Timers;
  readonly retryMs: number;
  readonly log: (line: string) => void;
};

const second = 1000;
const Booted = z.object({ status: z.enum(['Accepted', 'Pending', 'Rejected']), interval: z.number() });

/** Connector 0 of a 1.6 station is the station itself; in 2.x it has no status of its own. */
const wholeStation = (): Payload => ({
  connectorId: 0,
  errorCode: 'NoError',
  status: 'Available',
  timestamp: new Date().toISOString(),
});

export const voice = ({
  identity,
  dialect,
  plugs,
  call,
  isOpen,
  traffic,
  clock,
  retryMs,
  log,
}: VoiceOptions): Voice => {
  let booted = false;
  let restarted = false;
  let heartbeatMs = 540 * second;
  let saidAt = 0;
  const mail = outbox(
    (action, payload) => {
      saidAt = Date.now();
      return call(action, payload);
    },
    traffic,
    retryMs,
  );
  const tell = (said: Said, answered: (answer: Payload) => void = () => {}, dropped: () => void = () => {}) =>
    mail.post({ ...said, transactional: false, answered, dropped });

  const repeatStatus = (plug: Plug) => {
    if (!booted) return;
    const word = dialect.statusWord(plug.status);
    const heard = () => {
      plug.knownStatus = word;
    };
    // Without an answer nobody can tell whether it arrived: what the CSMS believes is open.
    tell(dialect.status(plug), heard, () => {
      delete plug.knownStatus;
    });
  };
  const repeatUnknown = () => {
    for (const plug of plugs) if (dialect.statusWord(plug.status) !== plug.knownStatus) repeatStatus(plug);
  };
  const heartbeat = () => tell(dialect.heartbeat());
  /** Only a station that had nothing else to say sends one. */
  const keepAlive = () =>
    clock.every(
      'heartbeat',
      () => saidAt + heartbeatMs - Date.now(),
      () => {
        if (booted && isOpen() && Date.now() - saidAt >= heartbeatMs) heartbeat();
      },
    );
  const accepted = (intervalSec: number) => {
    booted = true;
    heartbeatMs = Math.max(1, intervalSec) * second;
    mail.hold(false);
    if (dialect.protocol === 'ocpp1.6') tell({ action: 'StatusNotification', payload: wholeStation });
    repeatUnknown();
    keepAlive();
  };
  const boot = () => {
    mail.hold(true);
    mail.postFirst({
      ...dialect.boot(identity, restarted ? 'RemoteReset' : 'PowerUp'),
      transactional: false,
      answered: (answer) => {
        const { status, interval } = Booted.parse(answer);
        if (status === 'Accepted') return accepted(interval);
        log(`${identity.stationId} boot ${status}, next in ${interval} s`);
        clock.after(Math.max(1, interval) * second, boot);
      },
      dropped: () => {
        if (isOpen()) clock.after(5 * second, boot);
      },
    });
  };

  return {
    transact: (said, answered) => mail.post({ ...said, transactional: true, answered }),
    ask: (said) => new Promise((resolve) => tell(said, resolve, () => resolve(undefined))),
    setStatus: (plug, status, errorCode = 'NoError') => {
      if (plug.status === status && plug.errorCode === errorCode) return;
      plug.status = status;
      plug.statusAt = Date.now();
      plug.errorCode = errorCode;
      // Not held against what is known: a change that is still on its way must be followed by this one.
      repeatStatus(plug);
    },
    repeatStatus,
    heartbeat,
    boot,
    forget: () => {
      booted = false;
      restarted = true;
    },
    isBooted: () => booted,
    connected: () => {
      mail.connected();
      if (!booted) return boot();
      traffic.reconnected();
      repeatUnknown();
    },
    disconnected: mail.disconnected,
    pending: mail.size,
    drained: mail.drained,
  };
};
