export type HeardEvent = Readonly<Record<string, unknown>>;

/** What was heard on a bus: each event once, though a bus delivers at least once. */
export const heardEvents = (): {
  readonly hear: (event: HeardEvent) => void;
  readonly all: () => readonly HeardEvent[];
} => {
  const byId = new Map<string, HeardEvent>();
  return {
    hear: (event) => byId.set(String(Object(event.detail).id), event),
    all: () => [...byId.values()],
  };
};
