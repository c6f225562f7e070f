/** One page of a list, and where the next one starts; without a token it was the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly nextToken?: string };
