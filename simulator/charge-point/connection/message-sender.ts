import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import type { Traffic } from '../../traffic.ts';
import type { BootReason, CallRequest, Dialect, Identity } from '../dialect.ts';
import type { ChargePointStatus, SimulatedConnector } from '../simulated-connector.ts';
import type { Timers } from '../timers.ts';
import { type Call, messageQueue } from './message-queue.ts';

/** Sends everything a station tells of its own accord, in its version of OCPP, over whatever connection it has. */
export type MessageSender = {
  /** About a transaction: kept, and retried until it is answered. */
  readonly transact: (request: CallRequest, answered: (answer: Payload) => void) => void;
  /** Asks and waits for the answer; undefined when there is none. */
  readonly ask: (request: CallRequest) => Promise<Payload | undefined>;
  /** Tells something that is worth nothing once late. */
  readonly tell: (request: CallRequest) => void;
  readonly setStatus: (connector: SimulatedConnector, status: ChargePointStatus, errorCode?: string) => void;
  /** Sends the status again, whether the CSMS knows it or not. */
  readonly repeatStatus: (connector: SimulatedConnector) => void;
  readonly heartbeat: () => void;
  readonly boot: () => void;
  /** The station was off: the next message is a boot, for this reason. */
  readonly restart: (reason: BootReason) => void;
  readonly isBooted: () => boolean;
  readonly connected: () => void;
  readonly disconnected: () => void;
  /** Messages not yet answered. */
  readonly pending: () => number;
  readonly drained: () => Promise<void>;
};

export type MessageSenderOptions = {
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly connectors: readonly SimulatedConnector[];
  readonly call: Call;
  readonly isOpen: () => boolean;
  readonly traffic: Traffic;
  readonly clock: Timers;
  readonly retryMs: number;
  readonly attempts: number | undefined;
  readonly log: (line: string) => void;
};

const second = 1000;
const Booted = z.object({ status: z.enum(['Accepted', 'Pending', 'Rejected']), interval: z.number() });

/** Connector 0 of a 1.6 station is the station itself; in 2.x it has no status of its own. */
const wholeStation: CallRequest = {
  action: 'StatusNotification',
  payload: (sentAt) => ({
    connectorId: 0,
    errorCode: 'NoError',
    status: 'Available',
    timestamp: new Date(sentAt).toISOString(),
  }),
};

/** The sender of one station. */
export const messageSender = ({
  identity,
  dialect,
  connectors,
  call,
  isOpen,
  traffic,
  clock,
  retryMs,
  attempts,
  log,
}: MessageSenderOptions): MessageSender => {
  let booted = false;
  let bootReason: BootReason = 'PowerUp';
  let heartbeatMs = 540 * second;
  let sentAt = 0;
  let cancelKeepAlive = () => {};
  const send: Call = (action, payload) => {
    sentAt = clock.now();
    return call(action, payload);
  };
  const queue = messageQueue({ call: send, traffic, retryMs, attempts, clock });
  const notify = (
    request: CallRequest,
    answered: (answer: Payload) => void = () => {},
    dropped: () => void = () => {},
  ) => queue.post({ ...request, transactional: false, answered, dropped });

  const repeatStatus = (connector: SimulatedConnector) => {
    if (!booted) return;
    const word = dialect.statusWord(connector.status);
    const answered = () => {
      connector.knownStatus = word;
    };
    // Without an answer nobody can tell whether it arrived: what the CSMS believes is open.
    notify(dialect.status(connector), answered, () => {
      delete connector.knownStatus;
    });
  };
  const repeatUnknown = () => {
    for (const connector of connectors)
      if (dialect.statusWord(connector.status) !== connector.knownStatus) repeatStatus(connector);
  };
  const heartbeat = () => notify(dialect.heartbeat());
  /** A heartbeat is sent only where nothing else was for the interval. */
  const keepAlive = () => {
    cancelKeepAlive();
    cancelKeepAlive = clock.after(Math.max(second, sentAt + heartbeatMs - clock.now()), () => {
      if (booted && isOpen() && clock.now() - sentAt >= heartbeatMs) heartbeat();
      keepAlive();
    });
  };
  const accepted = (intervalSec: number) => {
    booted = true;
    heartbeatMs = Math.max(1, intervalSec) * second;
    queue.hold(false);
    if (dialect.protocol === 'ocpp1.6') notify(wholeStation);
    repeatUnknown();
    keepAlive();
  };
  const boot = () => {
    queue.hold(true);
    queue.postFirst({
      ...dialect.boot(identity, bootReason),
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
    transact: (request, answered) => queue.post({ ...request, transactional: true, answered }),
    tell: (request) => notify(request),
    ask: (request) => new Promise((resolve) => notify(request, resolve, () => resolve(undefined))),
    setStatus: (connector, status, errorCode = 'NoError') => {
      if (connector.status === status && connector.errorCode === errorCode) return;
      connector.status = status;
      connector.statusAt = clock.now();
      connector.errorCode = errorCode;
      // Not compared with what is known: a change that is still on its way must be followed by this one.
      repeatStatus(connector);
    },
    repeatStatus,
    heartbeat,
    boot,
    restart: (reason) => {
      booted = false;
      bootReason = reason;
    },
    isBooted: () => booted,
    connected: () => {
      queue.connected();
      if (!booted) return boot();
      traffic.reconnected();
      repeatUnknown();
    },
    disconnected: queue.disconnected,
    pending: queue.size,
    drained: queue.drained,
  };
};
