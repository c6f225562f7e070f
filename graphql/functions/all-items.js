/** Takes the items out of the previous step's page. */
export function request() {
  return {};
}

export function response(ctx) {
  return ctx.prev.result.items;
}
