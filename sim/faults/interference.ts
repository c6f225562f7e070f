/** A request an instance of a function makes of a service. */
export type Request = {
  /** Folder in `lambdas/` of the function that makes it. */
  readonly entry: string;
  readonly service: string;
  readonly operation: string;
  /** DynamoDB: the table by its purpose, such as `connectors`. */
  readonly table: string | undefined;
  /** `before` it reaches the service, or `after`, when only the answer is missing. */
  readonly at: 'before' | 'after';
  /** Ends the instance in the midst of its work: it never gets an answer. */
  readonly crash: () => void;
};

/** An event on its way to a function. */
export type Invocation = { readonly entry: string; readonly exported: string };

/** A text on the line between a charger and the gateway. */
export type Frame = {
  readonly stationId: string;
  /** The id of the connection. */
  readonly line: string;
  readonly way: 'up' | 'down';
  readonly text: string;
};

/** What becomes of a text. */
export type FrameFate = 'arrives' | 'is lost' | 'arrives twice' | { readonly delayedMs: number };

/** An event of presence: late by up to so long, with a stamp that is wrong by so much, and told again or not. */
export type PresenceFate = { readonly delayMs: number; readonly stampErrMs: number; readonly isRepeated: boolean };

/** What a fault does to the world while it lasts. What is left out goes its usual way. */
export type Interference = {
  /** May throw what the service would, or what the network would; may wait; may end the instance. Undefined: nothing. */
  readonly request?: (request: Request) => Promise<void> | undefined;
  /** ms to wait before an instance gets the event; throws an Error for one that cannot be invoked. */
  readonly invoke?: (invocation: Invocation) => number;
  readonly frame?: (frame: Frame) => FrameFate;
  /** What a charger says instead of what it should. */
  readonly says?: (frame: Frame) => string;
  /** Whether the gateway forgets to call $disconnect. */
  readonly losesDisconnect?: (stationId: string) => boolean;
  /** Whether the gateway learns nothing of a charger that goes away: its end stays open until it is idle. */
  readonly keepsHalfOpen?: (stationId: string) => boolean;
  /** Whether the handshake of a charger is refused. */
  readonly refusesHandshake?: (stationId: string) => boolean;
  /** How AWS IoT tells that a client came or went. */
  readonly presence?: (stationId: string) => PresenceFate;
  /** Throws what a target of a topic rule answers AWS IoT. */
  readonly rule?: () => void;
};

/** All that interferes at the moment. */
export type Interferences = {
  /** Begins to interfere; the result ends it. */
  readonly begin: (interference: Interference) => () => void;
  /** Whether nothing interferes now. */
  readonly areNone: () => boolean;
  readonly request: (request: Request) => Promise<void> | undefined;
  readonly invoke: (invocation: Invocation) => number;
  readonly frame: (frame: Frame) => FrameFate;
  readonly says: (frame: Frame) => string;
  readonly losesDisconnect: (stationId: string) => boolean;
  readonly keepsHalfOpen: (stationId: string) => boolean;
  readonly refusesHandshake: (stationId: string) => boolean;
  readonly presence: (stationId: string) => PresenceFate;
  readonly rule: () => void;
};

const PUNCTUAL: PresenceFate = { delayMs: 0, stampErrMs: 0, isRepeated: false };

export const interferences = (): Interferences => {
  const active = new Set<Interference>();
  const allInTurn = async (first: Promise<void>, rest: readonly Interference[], request: Request): Promise<void> => {
    await first;
    for (const { request: interfere } of rest) await interfere?.(request);
  };
  return {
    begin: (interference) => {
      active.add(interference);
      return () => void active.delete(interference);
    },
    areNone: () => active.size === 0,
    request: (request) => {
      if (active.size === 0) return undefined;
      const all = [...active];
      for (const [index, { request: interfere }] of all.entries()) {
        const met = interfere?.(request);
        if (met !== undefined) return allInTurn(met, all.slice(index + 1), request);
      }
      return undefined;
    },
    invoke: (invocation) => {
      let waitMs = 0;
      for (const { invoke } of active) waitMs += invoke?.(invocation) ?? 0;
      return waitMs;
    },
    frame: (frame) => {
      for (const one of active) {
        const fate = one.frame?.(frame) ?? 'arrives';
        if (fate !== 'arrives') return fate;
      }
      return 'arrives';
    },
    says: (frame) => {
      let { text } = frame;
      for (const one of active) text = one.says?.({ ...frame, text }) ?? text;
      return text;
    },
    losesDisconnect: (stationId) => [...active].some((one) => one.losesDisconnect?.(stationId) ?? false),
    keepsHalfOpen: (stationId) => [...active].some((one) => one.keepsHalfOpen?.(stationId) ?? false),
    refusesHandshake: (stationId) => [...active].some((one) => one.refusesHandshake?.(stationId) ?? false),
    presence: (stationId) =>
      [...active].find(({ presence }) => presence !== undefined)?.presence?.(stationId) ?? PUNCTUAL,
    rule: () => {
      for (const { rule } of active) rule?.();
    },
  };
};
