/** The text of a CALL. `payload` is JSON text and goes in as it is. */
export const callText = (id: string, action: string, payload: string): string =>
  `[2,${JSON.stringify(id)},${JSON.stringify(action)},${payload}]`;
