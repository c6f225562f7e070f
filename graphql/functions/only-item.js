/** Takes the one item out of the previous step's page, or null. */
export function request() {
  return {};
}

export function response(ctx) {
  return ctx.prev.result.items[0] ?? null;
}
