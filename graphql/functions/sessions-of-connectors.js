/** Takes the running sessions out of a page of Connectors; one that ended between the two reads is left out. */
export function request() {
  return {};
}

export function response(ctx) {
  const { items, nextToken } = ctx.prev.result;
  return { items: items.map(({ session }) => session).filter((session) => session), nextToken };
}
