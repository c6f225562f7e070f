/** What a window holds: numbers with their unit in the name. A measure that is not known is absent, never 0. */
export type Measures = Readonly<Record<string, number>>;
